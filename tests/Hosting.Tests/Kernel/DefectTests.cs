using WatchReload.Hosting.Kernel;

namespace WatchReload.Hosting.Tests.Kernel;

/// <summary>What becomes of an actor when the node itself throws between its turns.</summary>
public sealed class DefectTests
{
    [Fact(Timeout = 60_000)]
    public async Task An_actor_is_parked_after_the_turn_that_is_suspended_and_not_in_it()
    {
        await using var node = new KernelHarness(Version(1));
        var inlet = new BrokenInlet();
        var actor = await Spawn(node, inlet);
        inlet.FailNext();
        var suspended = await node.Suspend(actor);
        await node.Until(() => inlet.HasFailed && node.Kernel.Gate.IsEmpty);

        // What is parked is no longer in a turn.
        Assert.Same(actor.Cell, Assert.Single(node.Reload(Version(2))));
        actor.Note("after it");
        suspended.Turn.SetResult();
        await node.Until(() => actor.Cell.IsParked);
        Assert.Empty(actor.Trace.Entries);

        Assert.Empty(node.Reload(Version(3)));
        await node.Quiet();
        Assert.Equal((3, "after it"), (actor.Cell.Binding.Version.Number, Assert.Single(actor.Trace.Entries)));
    }

    [Fact(Timeout = 60_000)]
    public async Task An_actor_stops_after_the_turn_that_is_suspended()
    {
        await using var node = new KernelHarness(Version(1));
        var inlet = new BrokenInlet();
        var actor = await Spawn(node, inlet);
        var turn = new TaskCompletionSource();
        inlet.FailNext();
        actor.Send(async (trace, self) =>
        {
            self.Stop();
            await turn.Task;
            trace.Add("ended");
        });
        await node.Until(() => inlet.HasFailed && node.Kernel.Gate.IsEmpty);

        Assert.True(actor.Cell.IsSuspended);
        turn.SetResult();
        await node.Until(() => actor.Cell.IsStopped);
        Assert.Equal(["ended", "stopping Requested"], actor.Trace.Entries);
    }

    [Fact(Timeout = 60_000)]
    public async Task An_actor_whose_state_others_make_is_parked_with_that_state()
    {
        await using var node = new KernelHarness(Version(1));
        var inlet = new BrokenInlet();
        var actor = await Spawn(node, inlet);
        var suspended = await node.Suspend(actor);
        var isMade = false;
        node.Reload(Version(2, state =>
        {
            isMade = true;
            return state;
        }));
        inlet.FailNext();
        suspended.Turn.SetResult();
        await node.Until(() => actor.Cell.IsParked);
        Assert.True(isMade);

        Assert.Empty(node.Reload(Version(3)));
        actor.Note("on");
        await node.Quiet();
        Assert.Equal((3, "on"), (actor.Cell.Binding.Version.Number, Assert.Single(actor.Trace.Entries)));
    }

    private static PlainVersion Version(int number, Func<object, object>? map = null) => new(number, new ScriptedConnection()) { Mapped = map ?? (state => state) };

    private static async Task<Actor> Spawn(KernelHarness node, BrokenInlet inlet)
    {
        var trace = new Trace();
        var cell = node.Kernel.Spawn(node.Kernel.Current.AcceptBehavior("broken")!, new ActorRole(ActorKind.Connection, "broken"), trace, inlet);
        cell.Wake();
        await node.Quiet();
        return new Actor(cell, trace);
    }
}
