using WatchReload.Control;
using WatchReload.Daemon.Delivery;

namespace WatchReload.Daemon.Tests.Delivery;

public sealed class NodeDeliveryTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task Request_names_the_instance_and_version_it_replaces()
    {
        await using var node = await FakeNode.Start(_scratch.State);
        node.Status = node.Status with { Version = 7, Instance = "that-run", Fence = 41 };

        var verdict = await Deliver(new DeliveryOrder(StagedRelease.Make(_scratch.State), "reload") { RefuseStragglers = true, Probation = TimeSpan.FromSeconds(5) });

        Assert.Equal(ReloadVerdict.Committed, verdict.Report.Verdict);
        Assert.Equal(8, verdict.Report.Version);
        var (request, query) = Assert.Single(node.Requests);
        Assert.Equal("", query);
        Assert.Equal(("that-run", 7, 42L), (request.ExpectInstance, request.ExpectVersion, request.Fence));
        Assert.Equal(("r000002", _scratch.State.Release("r000002"), "reload"), (request.Release, request.Directory, request.Cause));
        Assert.True(request.RefuseStragglers);
        Assert.Equal(5, request.ProbationSeconds);
    }

    [Fact(Timeout = 60_000)]
    public async Task Fence_grows_when_the_node_forgot_it_and_the_daemon_started_anew()
    {
        await using var node = await FakeNode.Start(_scratch.State);
        node.Status = node.Status with { Fence = 1000 };
        await Deliver(new DeliveryOrder(StagedRelease.Make(_scratch.State), "reload"));
        node.Status = node.Status with { Fence = 0 };
        await Deliver(new DeliveryOrder(StagedRelease.Make(_scratch.State), "reload"));

        var fences = node.Requests.Select(r => r.Request.Fence).ToArray();
        Assert.True(fences[1] > fences[0], string.Join(", ", fences));
    }

    [Fact(Timeout = 60_000)]
    public async Task Rehearsal_is_asked_for_as_one()
    {
        await using var node = await FakeNode.Start(_scratch.State);
        node.Answer = (n, r) => new ReloadReport { Verdict = ReloadVerdict.Rehearsed, Version = n.Status.Version };

        var verdict = await Deliver(new DeliveryOrder(StagedRelease.Make(_scratch.State), "reload") { Rehearse = true });

        Assert.True(verdict.Serves);
        Assert.Equal("?rehearse=true", Assert.Single(node.Requests).Query);
    }

    [Fact(Timeout = 60_000)]
    public async Task Commit_is_reported_when_the_connection_was_lost_after_it()
    {
        await using var node = await FakeNode.Start(_scratch.State);
        node.CutsOff = true;

        var verdict = await Deliver(new DeliveryOrder(StagedRelease.Make(_scratch.State), "reload"));

        Assert.Equal((ReloadVerdict.Committed, 2, 1), (verdict.Report.Verdict, verdict.Report.Version, verdict.Report.PreviousVersion));
        Assert.Contains("connection was lost", Assert.Single(verdict.Report.Warnings));
    }

    [Fact(Timeout = 60_000)]
    public async Task Unknown_is_reported_when_the_node_died_on_the_way()
    {
        var node = await FakeNode.Start(_scratch.State);
        node.CutsOff = true;
        node.Answer = (n, r) => new ReloadReport { Verdict = ReloadVerdict.Refused };
        node.Before = async _ => File.Delete(_scratch.State.Rendezvous("main")); // nobody is found any more
        await using (node)
        {
            var verdict = await Deliver(new DeliveryOrder(StagedRelease.Make(_scratch.State), "reload"));

            Assert.True(verdict.Unknown);
            Assert.Contains("ended during the reload", Assert.Single(verdict.Report.Problems));
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Refused_with_how_to_start_it_when_no_node_runs()
    {
        var verdict = await Deliver(new DeliveryOrder(StagedRelease.Make(_scratch.State), "reload"));

        Assert.False(verdict.Serves);
        Assert.Contains("watchreload watch", Assert.Single(verdict.Report.Problems));
    }

    private async Task<NodeVerdict> Deliver(DeliveryOrder order)
    {
        using var link = new NodeLink(_scratch.State, "main");
        var fence = new Fence(_scratch.State, "main", TimeProvider.System);
        return await new NodeDelivery(link, fence, TimeProvider.System).Deliver(order, TestContext.Current.CancellationToken);
    }
}
