using WatchReload.Hosting.Kernel;
using WatchReload.Hosting.Tests.Kernel;
using WatchReload.Hosting.Upgrading;

namespace WatchReload.Hosting.Tests.Upgrading;

/// <summary>An actor whose state is being made when the sweep comes.</summary>
public sealed class SweepTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <param name="isLate">Or parked, so that nobody has noticed that it has no candidate.</param>
    [Theory(Timeout = 60_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_waits_for_a_state_that_has_been_made_for_less_than_a_second(bool isLate)
    {
        OverheardTime clock = null!;
        await using var node = new KernelHarness(clock: time => clock = new OverheardTime(time));
        var actor = node.Spawn();
        using var hanging = new HangingMapping(actor);
        var isMade = false;
        var sweep = await WhileItIsMade(node, actor, hanging, () => isMade = true, isLate);
        node.Time.MoveTo(node.Time.Elapsed + Second - TimeSpan.FromMilliseconds(1));

        await Task.Run(() =>
        {
            var sweeping = Environment.CurrentManagedThreadId;
            // Whoever waits for it asks how long that has been going on.
            clock.Asked = () =>
            {
                if (Environment.CurrentManagedThreadId == sweeping) hanging.Release();
            };
            sweep.Run();
            Assert.True(Volatile.Read(ref isMade));
        }, TestContext.Current.CancellationToken);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_goes_on_without_a_state_that_has_been_made_for_a_second(bool isLate)
    {
        await using var node = new KernelHarness();
        var actor = node.Spawn();
        using var hanging = new HangingMapping(actor);
        var sweep = await WhileItIsMade(node, actor, hanging, () => { }, isLate);
        node.Time.MoveTo(node.Time.Elapsed + Second);

        await Task.Run(sweep.Run, TestContext.Current.CancellationToken);

        Assert.True(actor.Cell.IsChanging);
        hanging.Release();
        await node.Quiet();
        Assert.Equal(2, actor.Cell.Binding.Version.Number);
    }

    /// <summary>As a connection that was accepted under the closed gate, which the session lists like one that ran.</summary>
    /// <param name="isFirst">It has had its first turn in the new code when the sweep comes.</param>
    [Theory(Timeout = 60_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_actor_that_has_had_no_turn_before_the_commit_is_not_late(bool isFirst)
    {
        await using var node = new KernelHarness();
        var ran = node.Spawn();
        ran.Note("ran");
        await node.Quiet();
        var binding = ran.Cell.Binding;
        ActorCell? accepted = null;
        Assert.Empty(node.Reload(new PlainVersion(2) { Mapped = state => state }, underGate: () => accepted = node.Kernel.Spawn(binding, ActorRole.Spawned, new Trace())));
        if (isFirst) await node.Until(() => accepted!.Turns > 0);

        var sweep = new Sweep(node.Kernel, _ => true);
        await Task.Run(sweep.Run, TestContext.Current.CancellationToken);

        Assert.Equal((1, 1), (sweep.Late, sweep.Arrived));
        Assert.Equal(2, accepted!.Binding.Version.Number);
    }

    /// <summary>The reload has passed a turn of the actor, which has ended since.</summary>
    private static async Task<Sweep> WhileItIsMade(KernelHarness node, Actor actor, HangingMapping hanging, Action made, bool isLate)
    {
        var suspended = await node.Suspend(actor);
        Assert.Same(actor.Cell, Assert.Single(node.Reload(new PlainVersion(2) { Mapped = Map })));
        suspended.Turn.SetResult();
        await node.Until(() => hanging.Hung == 1);
        return new Sweep(node.Kernel, late => isLate && ReferenceEquals(late, actor.Cell));

        object Map(object state)
        {
            var copy = hanging.Map(state);
            made();
            return copy;
        }
    }
}
