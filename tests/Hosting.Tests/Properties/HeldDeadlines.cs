namespace WatchReload.Hosting.Tests.Properties;

/// <summary>The system's clock, but for the deadlines of the service's code, which pass when the test lets them: so traffic and timers go on while something hangs.</summary>
internal sealed class HeldDeadlines : TimeProvider
{
    /// <summary>A step of a reload has that long, <c>CodeChange</c> a second more, and what hangs that second to end after all.</summary>
    public static readonly TimeSpan Step = TimeSpan.FromSeconds(30), CodeChange = TimeSpan.FromSeconds(31), Grace = TimeSpan.FromSeconds(1);

    private readonly FakeTime _held = new();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        (dueTime == Step || dueTime == CodeChange || dueTime == Grace ? _held : System).CreateTimer(callback, state, dueTime, period);

    /// <summary>These pass until the task has ended.</summary>
    public Task<T> PassUntil<T>(Task<T> ended, params IReadOnlyList<TimeSpan> deadlines) => _held.PassUntil(ended, deadlines);
}
