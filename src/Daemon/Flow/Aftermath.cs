using Microsoft.Extensions.Logging;
using WatchReload.Daemon.Delivery;
using WatchReload.Daemon.Events;
using WatchReload.Daemon.Releases;

namespace WatchReload.Daemon.Flow;

/// <summary>What follows a delivery, in the background: the old version's end is awaited, old releases are removed.</summary>
internal sealed class Aftermath(PipelineSettings settings, ReleaseStore releases, IReadOnlyList<NodeSeat> seats, IEventSink events, TimeProvider time, ILogger<Aftermath> log) : IAsyncDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private readonly Lock _lock = new();
    private readonly HashSet<Task> _running = [];

    public CancellationToken Ending => _ending.Token;

    /// <summary>Of each version that was replaced the end is awaited.</summary>
    public void Follow(params IReadOnlyList<DaemonEvent> verdicts)
    {
        foreach (var committed in verdicts.OfType<ReloadCommitted>().Where(c => c.PreviousVersion > 0))
            Run(() => new VersionFollower(events, time, log).Follow(seats.First(s => s.Name == committed.Node).Link, committed.PreviousVersion, _ending.Token));
    }

    /// <summary>There is one release more. What is kept is found out by the whole history, which an edit that leaves no release does not wait for.</summary>
    public void Prune() => Run(() => releases.Prune(settings.Keep, CancellationToken.None, settings.MaximumSize));

    /// <summary>Stops to follow versions; what is being removed is removed.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        Task[] running;
        lock (_lock)
            running = [.. _running];
        await Task.WhenAll(running);
        _ending.Dispose();
    }

    /// <summary>The same, told when this ends; the task is done when the work is, whatever became of it.</summary>
    public Task Run(Func<CancellationToken, Task> work) => Run(() => work(_ending.Token));

    /// <summary>Does something beside everything else; it is given up when this ends.</summary>
    public Task Run(Func<Task> work)
    {
        var task = Task.Run(() => Guarded(work));
        lock (_lock)
            _running.Add(task);
        task.ContinueWith(
            done =>
            {
                lock (_lock)
                    _running.Remove(done);
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        return task;
    }

    private async Task Guarded(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // The command ends.
        }
        catch (Exception e)
        {
            DeliveryLog.AftermathFailed(log, e); // the delivery itself is done
        }
    }
}
