using WatchReload.Hosting.Kernel;

namespace WatchReload.Hosting.Tests.Kernel;

public sealed class FlushIntervalTests
{
    private readonly FakeTime _time = new();
    private long _coarse;

    [Fact]
    public void It_is_over_after_a_millisecond_of_slow_turns()
    {
        var interval = new FlushInterval(_time, () => _coarse);
        Assert.False(After(TimeSpan.FromMilliseconds(0.4), ref interval));
        Assert.False(After(TimeSpan.FromMilliseconds(0.4), ref interval));
        Assert.True(After(TimeSpan.FromMilliseconds(0.4), ref interval));
    }

    [Fact]
    public void It_is_over_after_the_first_turn_that_takes_a_millisecond()
    {
        var interval = new FlushInterval(_time, () => _coarse);
        Assert.True(After(TimeSpan.FromMilliseconds(1), ref interval));
    }

    [Fact]
    public void It_is_over_after_a_slow_turn_among_quick_ones_when_the_coarse_clock_tells()
    {
        var interval = new FlushInterval(_time, () => _coarse);
        Assert.False(After(TimeSpan.FromMicroseconds(1), ref interval));
        _coarse += 4;
        Assert.True(After(TimeSpan.FromMilliseconds(5), ref interval));
    }

    [Fact]
    public void It_is_over_some_quick_turns_after_a_slow_one_at_the_latest()
    {
        var interval = new FlushInterval(_time, () => _coarse);
        Assert.False(After(TimeSpan.FromMicroseconds(1), ref interval));
        _time.Advance(TimeSpan.FromMilliseconds(5));
        var turns = 1;
        while (!After(TimeSpan.Zero, ref interval)) turns++;
        Assert.InRange(turns, 1, 9);
    }

    private bool After(TimeSpan turn, ref FlushInterval interval)
    {
        _time.Advance(turn);
        return interval.IsOver();
    }
}
