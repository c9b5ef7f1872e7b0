namespace WatchReload.Hosting.Tests.Kernel;

/// <summary>Another clock, whose test learns who asks for the time.</summary>
internal sealed class OverheardTime(TimeProvider clock) : TimeProvider
{
    /// <summary>On the thread that asks for the date.</summary>
    public Action? Asked { get; set; }

    /// <summary>On the thread that measures a time.</summary>
    public Action? Measured { get; set; }

    public override long TimestampFrequency => clock.TimestampFrequency;

    public override long GetTimestamp()
    {
        Measured?.Invoke();
        return clock.GetTimestamp();
    }

    public override DateTimeOffset GetUtcNow()
    {
        Asked?.Invoke();
        return clock.GetUtcNow();
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => clock.CreateTimer(callback, state, dueTime, period);
}
