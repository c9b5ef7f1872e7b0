using WatchReload.Hosting.Kernel;

namespace WatchReload.Testing;

/// <summary>A clock that moves only when it is told to. Timers fire on the thread that moves it, one by one, each at its own time.</summary>
internal sealed class VirtualTime : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly Lock _lock = new();
    private readonly List<VirtualTimer> _timers = [];
    private TimeSpan _elapsed;

    public TimeSpan Elapsed
    {
        get
        {
            lock (_lock) return _elapsed;
        }
    }

    /// <summary>Timers that run and are not the node's own: delays and time limits of the service.</summary>
    public int ServiceTimers
    {
        get
        {
            lock (_lock) return _timers.Count(timer => timer.State is not (TimerEntry or PendingAsk));
        }
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Elapsed.Ticks;

    public override DateTimeOffset GetUtcNow() => Start + Elapsed;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves to the next timer that is due until then, and fires it. False: there is none.</summary>
    public bool FireNext(TimeSpan until)
    {
        VirtualTimer? next;
        lock (_lock)
        {
            next = _timers.Where(timer => timer.Due <= until).MinBy(timer => timer.Due);
            if (next is null) return false;
            if (next.Due > _elapsed) _elapsed = next.Due;
            if (next.Period > TimeSpan.Zero) next.Due += next.Period;
            else _timers.Remove(next);
        }

        next.Callback(next.State);
        return true;
    }

    public void MoveTo(TimeSpan elapsed)
    {
        lock (_lock) _elapsed = elapsed;
    }

    private sealed class VirtualTimer(VirtualTime time, TimerCallback callback, object? state) : ITimer
    {
        public TimerCallback Callback { get; } = callback;

        public object? State { get; } = state;

        public TimeSpan Due { get; set; }

        public TimeSpan Period { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._lock)
            {
                time._timers.Remove(this);
                Period = period;
                if (dueTime == Timeout.InfiniteTimeSpan) return true;
                Due = time._elapsed + dueTime;
                time._timers.Add(this);
                return true;
            }
        }

        public void Dispose()
        {
            lock (time._lock) time._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
