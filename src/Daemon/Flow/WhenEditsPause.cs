namespace WatchReload.Daemon.Flow;

/// <summary>
/// What is done when edits pause: the release of a tree that deltas have brought, analyzers that nobody waited for. One work waits or is under way at a time;
/// whatever else is to be done comes first, and it is broken off then.
/// </summary>
/// <param name="run">Where it runs; told when that ends.</param>
/// <param name="time">The clock.</param>
internal sealed class WhenEditsPause(Func<Func<CancellationToken, Task>, Task> run, TimeProvider time) : IAsyncDisposable
{
    /// <summary>Without an edit.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private CancellationTokenSource? _stop;
    private Task _running = Task.CompletedTask;
    private Func<CancellationToken, Task>? _work;
    private Func<CancellationToken, Task>? _brokenOff;

    /// <summary>To be called when nothing waits any more: after <see cref="BreakOff"/>.</summary>
    public void Do(Func<CancellationToken, Task> work)
    {
        (_work, _brokenOff) = (work, null);
        var stop = _stop = new CancellationTokenSource();
        _running = run(async ending =>
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stop.Token, ending);
            try
            {
                await Task.Delay(Pause, time, either.Token);
                await work(either.Token);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // The next edit was quicker: what is done after it has this one in it.
            }
        });
    }

    /// <summary>Ends when nothing of it is under way.</summary>
    /// <param name="forGood">What comes now takes its place; else <see cref="Resume"/> brings it again.</param>
    public async Task BreakOff(bool forGood)
    {
        if (_stop is { } stop)
        {
            if (!_running.IsCompleted)
                _brokenOff = _work;
            await stop.CancelAsync();
            await _running;
            stop.Dispose();
            _stop = null;
        }

        if (forGood)
            _brokenOff = null;
    }

    /// <summary>What came first has changed nothing: what was broken off is done after the next pause.</summary>
    public void Resume()
    {
        if (_brokenOff is { } work)
            Do(work);
    }

    public async ValueTask DisposeAsync() => await BreakOff(forGood: true);
}
