using WatchReload.Control;
using WatchReload.Daemon.Delivery;

namespace WatchReload.Daemon.Tests.Delivery;

public sealed class DelivererTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task All_prepare_and_hold_then_all_commit()
    {
        await using var a = await FakeNode.Start(_scratch.State, "a");
        await using var b = await FakeNode.Start(_scratch.State, "b");

        var verdicts = await Deliver("a", "b");

        Assert.All(verdicts, v => Assert.Equal(ReloadVerdict.Committed, v.Report.Verdict));
        Assert.Equal([("?hold=30", true), ("?hold=30", true)], new[] { a, b }.Select(n => (Assert.Single(n.Requests).Query, Assert.Single(n.Decisions))));
        Assert.Equal((2, 2), (a.Status.Version, b.Status.Version));
    }

    [Fact(Timeout = 60_000)]
    public async Task All_let_go_when_one_refuses()
    {
        await using var a = await FakeNode.Start(_scratch.State, "a");
        await using var b = await FakeNode.Start(_scratch.State, "b");
        b.Answer = FakeNode.Refuse("ConnectionState.Count cannot become a string.");

        var verdicts = await Deliver("a", "b");

        Assert.Equal((1, 1), (a.Status.Version, b.Status.Version));
        Assert.False(Assert.Single(a.Decisions));
        Assert.Contains("node b refused", Assert.Single(verdicts.Single(v => v.Node == "a").Report.Problems));
        Assert.Equal(["ConnectionState.Count cannot become a string."], verdicts.Single(v => v.Node == "b").Report.Problems);
    }

    [Fact(Timeout = 60_000)]
    public async Task All_let_go_when_one_cannot_be_asked_what_it_runs()
    {
        await using var a = await FakeNode.Start(_scratch.State, "a");
        await using var b = await FakeNode.Start(_scratch.State, "b");
        b.CutsOffStatus = true;

        var verdicts = await Deliver("a", "b");

        Assert.Equal((1, 1), (a.Status.Version, b.Status.Version));
        Assert.False(Assert.Single(a.Decisions));
        Assert.True(verdicts.Single(v => v.Node == "b").Unknown);
        Assert.Empty(b.Requests);
    }

    [Fact(Timeout = 60_000)]
    public async Task None_commits_before_each_has_said_what_came_of_its_preparation()
    {
        await using var a = await FakeNode.Start(_scratch.State, "a");
        await using var b = await FakeNode.Start(_scratch.State, "b", reports: false);
        b.Answer = FakeNode.Refuse("ConnectionState.Count cannot become a string.");

        var delivery = Deliver("a", "b");
        await b.Read;
        Assert.Empty(a.Decisions);
        b.MayReport.SetResult();
        await delivery;

        Assert.Equal((1, 1), (a.Status.Version, b.Status.Version));
        Assert.False(Assert.Single(a.Decisions));
    }

    [Fact(Timeout = 60_000)]
    public async Task All_commit_when_it_is_given_up_while_one_still_prepares()
    {
        await using var a = await FakeNode.Start(_scratch.State, "a");
        await using var b = await FakeNode.Start(_scratch.State, "b", reports: false);
        using var giveUp = new CancellationTokenSource();

        var delivery = Deliver(giveUp.Token, "a", "b");
        await b.Read;
        await giveUp.CancelAsync();
        b.MayReport.SetResult();
        var verdicts = await delivery;

        Assert.All(verdicts, v => Assert.Equal(ReloadVerdict.Committed, v.Report.Verdict));
        Assert.Equal((2, 2), (a.Status.Version, b.Status.Version));
    }

    [Fact(Timeout = 60_000)]
    public async Task Others_commit_when_one_runs_the_content_already()
    {
        await using var a = await FakeNode.Start(_scratch.State, "a");
        await using var b = await FakeNode.Start(_scratch.State, "b");
        b.Answer = (n, r) => new ReloadReport { Verdict = ReloadVerdict.Unchanged, Version = 1 };

        var verdicts = await Deliver("a", "b");

        Assert.Equal([ReloadVerdict.Committed, ReloadVerdict.Unchanged], verdicts.Select(v => v.Report.Verdict));
        Assert.True(Assert.Single(a.Decisions));
    }

    private Task<IReadOnlyList<NodeVerdict>> Deliver(params string[] nodes) => Deliver(TestContext.Current.CancellationToken, nodes);

    private async Task<IReadOnlyList<NodeVerdict>> Deliver(CancellationToken cancellation, params string[] nodes)
    {
        var links = nodes.Select(n => new NodeLink(_scratch.State, n)).ToArray();
        var deliveries = links.Select(l => new NodeDelivery(l, new Fence(_scratch.State, l.Node, TimeProvider.System), TimeProvider.System)).ToArray();
        var order = new DeliveryOrder(StagedRelease.Make(_scratch.State), "reload");
        var verdicts = await Deliverer.Deliver(deliveries, order, TimeProvider.System, cancellation);
        Array.ForEach(links, l => l.Dispose());
        return verdicts;
    }
}
