using Microsoft.Extensions.Logging.Abstractions;
using WatchReload.Daemon.Delivery;
using WatchReload.Daemon.Events;
using WatchReload.Daemon.Flow;
using WatchReload.Daemon.Releases;
using WatchReload.Daemon.Tests.Supervision;

namespace WatchReload.Daemon.Tests.Flow;

/// <summary>Releases to a node that does not run yet.</summary>
public sealed class DeliverStageTests
{
    [Fact(Timeout = 60_000)]
    public async Task Watch_starts_the_node_on_its_own_choice_when_the_tree_failed_on_trial()
    {
        await using var stubs = new StubNodes();

        var told = await Deliver(stubs, new ReloadOrder { Cause = "watch" });

        var started = Assert.IsType<NodeStarted>(told[0]);
        var refused = Assert.IsType<ReloadRefused>(told[1]);
        Assert.Equal((1, 2), (refused.Version, told.Count));
        Assert.Contains("watchreload reload --force", refused.Problems[0]);
        Assert.Contains($"started on {started.Release} instead", refused.Problems[1]);
        Assert.Equal(["-"], stubs.Starts());
        StubNodes.Kill(started.Pid);
    }

    [Fact(Timeout = 60_000)]
    public async Task Nothing_is_started_for_who_asks_for_a_tree_that_failed_on_trial()
    {
        await using var stubs = new StubNodes();

        var refused = Assert.IsType<ReloadRefused>(Assert.Single(await Deliver(stubs, new ReloadOrder { Cause = "reload" })));

        Assert.EndsWith("try it all the same: --force", Assert.Single(refused.Problems));
        Assert.Equal(0, refused.Version);
    }

    /// <summary>Of a release whose content is bad; what is current is not.</summary>
    private static async Task<IReadOnlyList<DaemonEvent>> Deliver(StubNodes stubs, Order order)
    {
        var state = stubs.Scratch.State;
        var good = await StagedRelease.Stage(stubs.Scratch, "good");
        var bad = await StagedRelease.Stage(stubs.Scratch, "bad");
        Directory.CreateDirectory(state.NodeDirectory("main"));
        await File.WriteAllTextAsync(state.Current("main"), good.Id + "\n");
        await File.WriteAllTextAsync(state.Bad, bad.Manifest.ContentHash + "\n");
        using var link = new NodeLink(state, "main");
        var seat = new NodeSeat(link, new NodeDelivery(link, new Fence(state, "main", TimeProvider.System), TimeProvider.System), stubs.Supervise());
        var settings = new PipelineSettings { State = state, Root = stubs.Scratch.Root, Project = "S.csproj", Configuration = "Debug" };
        var releases = new ReleaseStore(state, TimeProvider.System, NullLogger<ReleaseStore>.Instance);
        var stage = new DeliverStage(settings, releases, [seat], TimeProvider.System, NullLogger<DeliverStage>.Instance);
        return await stage.Run(bad, order, new DeliveryTimes(null, null, null, () => 0), TestContext.Current.CancellationToken);
    }
}
