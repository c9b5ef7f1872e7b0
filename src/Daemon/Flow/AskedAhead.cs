namespace WatchReload.Daemon.Flow;

/// <summary>What the next build asks first, asked while a save settles. It counts for a moment, and once.</summary>
internal sealed class AskedAhead<T>(TimeProvider time)
{
    /// <summary>A save settles in less.</summary>
    public static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private (Task<T> Answer, long Asked)? _asked;

    /// <returns>When the answer is there.</returns>
    /// <param name="ask">What goes wrong in it will be found out, and told, by whoever asks in its place.</param>
    public Task Ask(Func<Task<T>> ask)
    {
        var asked = time.GetTimestamp();
        var answer = Task.Run(ask);
        lock (_lock)
            _asked = (answer, asked);
        return answer;
    }

    /// <summary>False: it is to be asked now.</summary>
    public bool TryTake(out T answer)
    {
        lock (_lock)
        {
            var isThere = _asked is var (known, since) && known.IsCompletedSuccessfully && time.GetElapsedTime(since) < Moment;
            answer = isThere ? _asked!.Value.Answer.Result : default!;
            _asked = null;
            return isThere;
        }
    }

    public void Forget()
    {
        lock (_lock)
            _asked = null;
    }
}
