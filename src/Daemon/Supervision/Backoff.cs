namespace WatchReload.Daemon.Supervision;

/// <summary>How long to wait before the next start of something that dies: twice as long each time, from the beginning again once it has lived.</summary>
internal sealed class Backoff(TimeProvider time)
{
    public static readonly TimeSpan First = TimeSpan.FromMilliseconds(200);
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan Lived = TimeSpan.FromMinutes(1);

    private TimeSpan _next = First;
    private long? _started;

    public void Started() => _started = time.GetTimestamp();

    /// <summary>It died, or could not start: the time to wait.</summary>
    public TimeSpan Died()
    {
        if (_started is { } started && time.GetElapsedTime(started) >= Lived)
            _next = First;
        _started = null;
        var wait = _next;
        _next = TimeSpan.FromTicks(Math.Min(_next.Ticks * 2, Longest.Ticks));
        return wait;
    }
}
