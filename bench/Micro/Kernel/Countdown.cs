namespace WatchReload.Bench.Micro.Kernel;

/// <summary>The benchmark waits here until the last turn has done its part.</summary>
internal sealed class Countdown
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(1);
    private readonly object _ended = new();
    private int _left;

    public void Begin(int count) => Volatile.Write(ref _left, count);

    /// <summary>False for the last.</summary>
    public bool Down()
    {
        if (Interlocked.Decrement(ref _left) > 0) return true;
        lock (_ended) Monitor.Pulse(_ended);
        return false;
    }

    public void Wait()
    {
        lock (_ended)
        {
            while (Volatile.Read(ref _left) > 0)
            {
                if (!Monitor.Wait(_ended, s_limit)) throw new TimeoutException($"{_left} turns have not come.");
            }
        }
    }
}
