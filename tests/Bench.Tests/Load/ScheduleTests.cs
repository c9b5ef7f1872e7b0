using WatchReload.Bench.Load;

namespace WatchReload.Bench.Tests.Load;

public sealed class ScheduleTests
{
    [Fact(Timeout = 60_000)]
    public async Task Messages_are_evenly_spaced_and_go_round_the_connections()
    {
        await Task.Yield();
        var schedule = new Schedule(start: 1_000, perSecond: 1_000_000, connections: 3); // one a microsecond
        var taken = new List<(int, long)>();

        while (schedule.TryTake(now: 5_000, out var connection, out var due)) taken.Add((connection, due));

        Assert.Equal([(0, 1_000), (1, 2_000), (2, 3_000), (0, 4_000), (1, 5_000)], taken);
        Assert.Equal(6_000, schedule.Due);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_was_due_during_a_stall_is_due_when_it_was_and_none_is_left_out()
    {
        await Task.Yield();
        var schedule = new Schedule(start: 0, perSecond: 1_000, connections: 10);
        Assert.True(schedule.TryTake(0, out _, out _));

        var late = new List<long>();
        while (schedule.TryTake(now: 100 * Clock.Millisecond, out _, out var due)) late.Add(due);

        Assert.Equal(Enumerable.Range(1, 100).Select(i => i * Clock.Millisecond), late);
    }

    [Fact(Timeout = 60_000)]
    public async Task Rounding_does_not_add_up()
    {
        await Task.Yield();
        var schedule = new Schedule(start: 0, perSecond: 3, connections: 1);
        var count = 0;

        while (schedule.TryTake(1_000 * Clock.Second, out _, out _)) count++;

        Assert.InRange(count, 3_000, 3_001);
    }
}
