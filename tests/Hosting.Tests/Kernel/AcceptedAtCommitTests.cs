using WatchReload.Actors;
using WatchReload.Hosting.Kernel;

namespace WatchReload.Hosting.Tests.Kernel;

/// <summary>A connection that is accepted while the gate is closed, by the version that is about to be replaced.</summary>
public sealed class AcceptedAtCommitTests
{
    [Fact(Timeout = 60_000)]
    public async Task It_begins_as_what_the_listener_now_accepts_when_the_behavior_that_accepted_before_is_still_there()
    {
        await using var node = new KernelHarness(new PlainVersion(1, new ScriptedConnection()));
        var accepted = Reload(node, new PlainVersion(2, new ScriptedConnection(), new Counting()) { Accepts = typeof(Counting), First = () => new Count(0) });
        new ActorRef<Step>(accepted).Send(new Note("one"));
        await node.Quiet();
        Assert.Equal((BehaviorBinding.NameOf(typeof(Counting)), new Count(2)), (accepted.Binding.Name, accepted.State));
        Assert.Equal(0, node.Kernel.Failures.Total);
    }

    [Fact(Timeout = 60_000)]
    public async Task It_ends_as_undeclared_when_the_listener_is_declared_no_more()
    {
        await using var node = new KernelHarness(new PlainVersion(1, new ScriptedConnection()));
        var accepted = Reload(node, new PlainVersion(2, new ScriptedConnection()) { Accepts = null });
        await node.Until(() => accepted.IsStopped);
        Assert.Equal(StopReason.Undeclared, accepted.StoppedFor);
        Assert.Equal(0, node.Kernel.Failures.Total);
    }

    private static ActorCell Reload(KernelHarness node, PlainVersion next)
    {
        ActorCell accepted = null!;
        node.Reload(next, underGate: () =>
        {
            accepted = node.Kernel.Spawn(node.Kernel.Current.AcceptBehavior("broken")!, new ActorRole(ActorKind.Connection, "broken"), first: null, new BrokenInlet());
            accepted.Wake();
        });
        return accepted;
    }

    internal sealed record Count(int Turns);

    internal sealed class Counting : ConnectionBehavior<Count, Step>
    {
        public override ValueTask<Count> Started(Count s, StartReason why, Context self) => new(s with { Turns = s.Turns + 1 });

        public override ValueTask<Count> Frame(Count s, ReadOnlyMemory<byte> frame, Context self) => new(s);

        public override ValueTask<Count> Receive(Count s, Step m, Context self) => new(s with { Turns = s.Turns + 1 });
    }
}
