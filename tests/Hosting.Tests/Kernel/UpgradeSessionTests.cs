using WatchReload.Actors;
using WatchReload.Hosting.Kernel;

namespace WatchReload.Hosting.Tests.Kernel;

public sealed class UpgradeSessionTests
{
    [Fact(Timeout = 60_000)]
    public async Task An_actor_is_listed_when_it_comes_from_an_earlier_reload_and_its_candidate_is_let_go_of_without_a_turn()
    {
        await using var node = new KernelHarness(Version(1));
        var actor = node.Kernel.Spawn(node.Kernel.Current.FindBehavior(BehaviorBinding.NameOf(typeof(Unstarted)))!, ActorRole.Spawned, new Trace());
        actor.Wake();
        await node.Quiet();
        // The sweep has not come to it when the next reload begins; when that has prepared it, it goes on to what is current.
        node.Kernel.Commit(Version(2));
        var session = node.Kernel.BeginSession(Version(3));
        session.PrepareAll(CancellationToken.None);
        await node.Until(() => actor.Binding.Version.Number == 2);
        await node.Quiet();

        Assert.Equal(1, session.Stale);

        node.Kernel.EndSession();
        session.Abandon();
    }

    private static PlainVersion Version(int number) => new(number, new Unstarted());

    /// <summary>Its change-over needs no turn.</summary>
    private sealed class Unstarted : Behavior<Trace, Step>
    {
        public override ValueTask<Trace> Receive(Trace s, Step m, Context self) => new(s);
    }
}
