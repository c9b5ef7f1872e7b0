namespace WatchReload.Daemon.Flow;

/// <summary>
/// What is done when edits pause: the release of a tree that deltas have brought, analyzers that nobody waited for, another builder in the place of one that is too large. One work waits or is under way at a time;
/// whatever else is to be done comes first, and it is broken off then.
/// </summary>
/// <param name="run">Where it runs; told when that ends.</param>
/// <param name="time">The clock.</param>
internal sealed class WhenEditsPause(Func<Func<CancellationToken, Task>, Task> run, TimeProvider time) : IAsyncDisposable
{
    /// <summary>Without an edit.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>Each try that comes to nothing doubles the time to the next, up to this.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(16);

    /// <summary>Something may save the same content again and again: then the work comes to its end all the same.</summary>
    private const int MostGivenWay = 3;

    private readonly Lock _lock = new();
    private CancellationTokenSource? _stop;
    private Task _running = Task.CompletedTask;
    private Func<CancellationToken, Task<bool>>? _work;
    private Func<CancellationToken, Task<bool>>? _brokenOff;
    private int _firsts;
    private bool _isUnderWay;
    private int _gaveWay;

    /// <summary>To be called in what <see cref="Before"/> does.</summary>
    /// <param name="work">False: it could not be done yet, and is tried again after another pause, a longer one each time.</param>
    public void Do(Func<CancellationToken, Task<bool>> work)
    {
        lock (_lock)
        {
            _gaveWay = 0;
            Begin(work);
        }
    }

    /// <summary>The same, but only when nothing waits or is under way. While <see cref="Before"/> does something: after that, unless that leaves work of its own. May be called at any time.</summary>
    public void DoIfIdle(Func<CancellationToken, Task<bool>> work)
    {
        lock (_lock)
        {
            if (!_running.IsCompleted)
                return;
            if (_firsts > 0)
            {
                _brokenOff ??= work;
                return;
            }

            _stop?.Dispose();
            _gaveWay = 0;
            Begin(work);
        }
    }

    /// <summary>
    /// Breaks off what waits or is under way, and then does this. What was broken off is done after the next pause, unless this has taken its place:
    /// by <see cref="Forget"/>, or by <see cref="Do"/>.
    /// </summary>
    public async Task<T> Before<T>(Func<Task<T>> first)
    {
        try
        {
            await BreakOff(first: true);
            return await first();
        }
        finally
        {
            lock (_lock)
            {
                if (--_firsts == 0 && _brokenOff is { } work)
                    Begin(work);
            }
        }
    }

    /// <summary>An edit is on its way: what is under way is broken off at once, and done after the next pause if nothing comes of that edit; but not again and again. What waits goes on waiting. May be called at any time.</summary>
    public async Task GiveWay()
    {
        lock (_lock)
        {
            if (!_isUnderWay || ++_gaveWay > MostGivenWay)
                return;
        }

        await Before(() => Task.FromResult(true));
    }

    /// <summary>What was broken off is not done any more.</summary>
    public void Forget()
    {
        lock (_lock)
            _brokenOff = null;
    }

    public async ValueTask DisposeAsync() => await BreakOff(first: false);

    /// <summary>Called with the lock held.</summary>
    private void Begin(Func<CancellationToken, Task<bool>> work)
    {
        (_work, _brokenOff) = (work, null);
        var stop = _stop = new CancellationTokenSource();
        _running = run(async ending =>
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stop.Token, ending);
            try
            {
                var pause = Pause;
                await Task.Delay(pause, time, either.Token);
                while (!await UnderWay(work, either.Token))
                {
                    pause = TimeSpan.FromTicks(Math.Min(2 * pause.Ticks, LongestPause.Ticks));
                    await Task.Delay(pause, time, either.Token);
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // The next edit was quicker: what is done after it has this one in it.
            }
        });
    }

    private async Task<bool> UnderWay(Func<CancellationToken, Task<bool>> work, CancellationToken cancellation)
    {
        var isDone = false;
        lock (_lock)
            _isUnderWay = true;
        try
        {
            return isDone = await work(cancellation);
        }
        finally
        {
            lock (_lock)
            {
                _isUnderWay = false;
                // It came to its end, though it may be broken off just now, or was.
                if (isDone && _brokenOff == work)
                    _brokenOff = null;
                if (isDone && _work == work)
                    _work = null;
            }
        }
    }

    private async Task BreakOff(bool first)
    {
        CancellationTokenSource? stop;
        Task running;
        lock (_lock)
        {
            if (first)
                _firsts++;
            if (_stop is not null && !_running.IsCompleted)
                _brokenOff = _work ?? _brokenOff;
            (stop, running, _stop) = (_stop, _running, null);
        }

        if (stop is not null)
            await stop.CancelAsync();
        await running; // also when somebody else has broken it off
        stop?.Dispose();
    }
}
