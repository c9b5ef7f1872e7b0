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

    /// <summary>To be called in what <see cref="Before"/> does, or when nothing waits yet.</summary>
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

    /// <summary>
    /// Breaks off what waits or is under way, and then does this. What was broken off is done after the next pause, unless this has taken its place:
    /// by <see cref="Forget"/>, or by <see cref="Do"/>.
    /// </summary>
    public async Task<T> Before<T>(Func<Task<T>> first)
    {
        await BreakOff();
        try
        {
            return await first();
        }
        finally
        {
            if (_brokenOff is { } work)
                Do(work);
        }
    }

    /// <summary>What was broken off is not done any more.</summary>
    public void Forget() => _brokenOff = null;

    public async ValueTask DisposeAsync() => await BreakOff();

    private async Task BreakOff()
    {
        if (_stop is not { } stop)
            return;
        if (!_running.IsCompleted)
            _brokenOff = _work;
        await stop.CancelAsync();
        await _running;
        stop.Dispose();
        _stop = null;
    }
}
