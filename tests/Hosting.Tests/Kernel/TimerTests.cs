namespace WatchReload.Hosting.Tests.Kernel;

public sealed class TimerTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact(Timeout = 60_000)]
    public async Task Every_has_one_message_queued_when_turns_take_longer_than_the_period()
    {
        await using var node = new KernelHarness();
        var actor = node.Spawn();
        actor.Do(self => self.Every("t", Second, new Note("tick")));
        await node.Quiet();
        var suspended = await node.Suspend(actor);
        await node.Advance(10 * Second);
        await suspended.Release();
        Assert.Equal(["started New", "tick"], actor.Trace.Entries);
        await node.Advance(Second);
        Assert.Equal(["started New", "tick", "tick"], actor.Trace.Entries);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_queued_message_is_dropped_when_its_timer_is_replaced_or_cancelled()
    {
        await using var node = new KernelHarness();
        var actor = node.Spawn();
        actor.Do(self =>
        {
            self.After("replaced", Second, new Note("old"));
            self.After("cancelled", Second, new Note("never"));
        });
        await node.Quiet();
        var suspended = await node.Suspend(actor);
        actor.Do(self =>
        {
            self.After("replaced", Second, new Note("new"));
            self.Cancel("cancelled");
        });
        // The turn that replaces is queued before the ticks, so both ticks wait behind it.
        await node.Advance(Second);
        await suspended.Release();
        await node.Advance(Second);
        Assert.Equal(["started New", "new"], actor.Trace.Entries);
        Assert.Equal(0, node.Kernel.DeadLetters.Count);
    }

    [Fact(Timeout = 60_000)]
    public async Task Every_goes_on_when_its_period_is_less_than_the_systems_clock_counts()
    {
        await using var node = new KernelHarness(clock: _ => TimeProvider.System);
        var actor = node.Spawn();
        actor.Do(self => self.Every("t", TimeSpan.FromMicroseconds(500), new Note("tick")));
        await node.Until(() => actor.Trace.Entries.Count(entry => entry == "tick") >= 3);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_timer_stays_as_it_is_when_it_is_to_be_replaced_by_one_that_is_too_long()
    {
        await using var node = new KernelHarness();
        var actor = node.Spawn();
        Exception? error = null;
        actor.Do(self =>
        {
            self.After("t", Second, new Note("tick"));
            error = Record.Exception(() => self.After("t", TimeSpan.FromDays(60), new Note("never")));
        });
        await node.Advance(Second);
        Assert.IsType<ArgumentOutOfRangeException>(error);
        Assert.Equal(["started New", "tick"], actor.Trace.Entries);
    }

    [Fact(Timeout = 60_000)]
    public async Task Timers_end_when_their_actor_stops()
    {
        await using var node = new KernelHarness();
        var actor = node.Spawn();
        actor.Do(self => self.Every("t", Second, new Note("tick")));
        actor.Do(self => self.Stop());
        await node.Until(() => actor.Cell.IsStopped);
        await node.Advance(5 * Second);
        Assert.Equal(["started New", "stopping Requested"], actor.Trace.Entries);
        Assert.Equal(0, node.Kernel.DeadLetters.Count);
    }
}
