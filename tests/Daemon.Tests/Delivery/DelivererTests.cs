using WatchReload.Control;
using WatchReload.Daemon.Delivery;
using WatchReload.Tests;

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
    public async Task All_that_have_prepared_let_go_when_one_cannot_even_be_addressed()
    {
        await using var a = await FakeNode.Start(_scratch.State, "a");
        await using var b = await FakeNode.Start(_scratch.State, "b");
        await using var c = await FakeNode.Start(_scratch.State, "c");
        Directory.CreateDirectory(Path.Combine(_scratch.State.NodeDirectory("c"), "fence")); // where the number of its next request is kept

        await Assert.ThrowsAsync<IOException>(() => Deliver("a", "b", "c"));

        Assert.Equal((1, 1, 1), (a.Status.Version, b.Status.Version, c.Status.Version));
        Assert.Equal((false, false), (Assert.Single(a.Decisions), Assert.Single(b.Decisions)));
        Assert.Empty(c.Requests);
    }

    [Fact(Timeout = 60_000)]
    public async Task Who_has_not_answered_by_the_time_that_whoever_gave_up_waits_objects()
    {
        await using var a = await FakeNode.Start(_scratch.State, "a");
        await using var b = await FakeNode.Start(_scratch.State, "b", reports: false);
        using var giveUp = new CancellationTokenSource();
        var asked = new TaskCompletionSource();
        a.Before = _ =>
        {
            asked.SetResult();
            return Task.CompletedTask;
        };
        var time = new FakeTime(); // for b alone: a holds what it has prepared

        var delivery = Deliver(node => node == "b" ? time : TimeProvider.System, giveUp.Token, "a", "b");
        await asked.Task;
        await b.Read;
        await giveUp.CancelAsync();
        time.Advance(SentRequest.Patience);
        var verdicts = await delivery;
        b.MayReport.SetResult();

        Assert.Equal((1, 1), (a.Status.Version, b.Status.Version));
        Assert.False(Assert.Single(a.Decisions));
        Assert.Contains("node b refused", Assert.Single(verdicts.Single(v => v.Node == "a").Report.Problems));
        Assert.True(verdicts.Single(v => v.Node == "b").Unknown);
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

    private Task<IReadOnlyList<NodeVerdict>> Deliver(CancellationToken cancellation, params string[] nodes) => Deliver(_ => TimeProvider.System, cancellation, nodes);

    private async Task<IReadOnlyList<NodeVerdict>> Deliver(Func<string, TimeProvider> time, CancellationToken cancellation, params string[] nodes)
    {
        var links = nodes.Select(n => new NodeLink(_scratch.State, n)).ToArray();
        try
        {
            var deliveries = links.Select(l => new NodeDelivery(l, new Fence(_scratch.State, l.Node, TimeProvider.System), time(l.Node))).ToArray();
            return await Deliverer.Deliver(deliveries, new DeliveryOrder(StagedRelease.Make(_scratch.State), "reload"), TimeProvider.System, cancellation);
        }
        finally
        {
            Array.ForEach(links, l => l.Dispose());
        }
    }
}
