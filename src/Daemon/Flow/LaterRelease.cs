namespace WatchReload.Daemon.Flow;

/// <summary>
/// The release of a tree that deltas have brought: built when edits pause, so that a restart loads it. One waits or is under way at a time; whatever else is to be
/// done comes first, and it is broken off then.
/// </summary>
internal sealed class LaterRelease(TimeProvider time) : IAsyncDisposable
{
    /// <summary>Without an edit.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private CancellationTokenSource? _stop;
    private Task _work = Task.CompletedTask;

    /// <summary>To be called when nothing waits any more: after <see cref="BreakOff"/>.</summary>
    public void Schedule(Func<Func<CancellationToken, Task>, Task> run, Func<CancellationToken, Task> work)
    {
        var stop = _stop = new CancellationTokenSource();
        _work = run(async ending =>
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stop.Token, ending);
            try
            {
                await Task.Delay(Pause, time, either.Token);
                await work(either.Token);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // The next edit was quicker: its release has this one in it.
            }
        });
    }

    /// <summary>Ends when nothing of it is under way. Whether there was something to break off.</summary>
    public async Task<bool> BreakOff()
    {
        if (_stop is not { } stop)
            return false;
        var was = !_work.IsCompleted;
        await stop.CancelAsync();
        await _work;
        stop.Dispose();
        _stop = null;
        return was;
    }

    public async ValueTask DisposeAsync() => await BreakOff();
}
