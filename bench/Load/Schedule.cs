namespace WatchReload.Bench.Load;

/// <summary>
/// When each message is to be sent, fixed in advance: number k goes out at start + k / rate, on connection k modulo their number. A server
/// that stalls does not change it; what waited meanwhile is sent late, and its latency is counted from here.
/// </summary>
internal sealed class Schedule(long start, double perSecond, int connections)
{
    private readonly double _interval = Clock.Second / perSecond;
    private long _next;

    /// <summary>When the next message is due.</summary>
    public long Due => start + (long)(_next * _interval);

    /// <summary>Takes the next message if its time has come.</summary>
    public bool TryTake(long now, out int connection, out long due)
    {
        due = Due;
        connection = (int)(_next % connections);
        if (due > now) return false;
        _next++;
        return true;
    }
}
