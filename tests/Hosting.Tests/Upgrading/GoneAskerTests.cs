using WatchReload.Control;
using WatchReload.Hosting.Endpoint;

namespace WatchReload.Hosting.Tests.Upgrading;

/// <summary>Whoever asked for a reload goes away, as a daemon that is killed.</summary>
public sealed class GoneAskerTests
{
    private static readonly CountingService V1 = new();
    private static readonly CountingService V2 = new() { Version = "v2" };
    private static readonly CountingService V3 = new() { Version = "v3" };

    [Fact(Timeout = 60_000)]
    public async Task A_reload_that_waits_for_its_turn_is_given_up()
    {
        using var held = new HeldTurn();
        using var gone = new CancellationTokenSource();
        await using var node = await NodeHarness.Start(V1);
        var first = node.Reload(V2 with { CodeChange = held.Suspend });
        await held.EnteredBy(first);
        var waiting = Ask(node, V3, gone.Token);

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        var next = node.Reload(node.Releases.Write(V3.Compile()), rehearse: true);
        held.Release();
        Assert.Equal((ReloadVerdict.Committed, ReloadVerdict.Rehearsed), ((await first).Verdict, (await next).Verdict));
        Assert.Equal(2, node.Status.Version);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_reload_that_waits_is_done_when_the_newer_one_that_would_take_its_place_is_given_up()
    {
        using var held = new HeldTurn();
        using var gone = new CancellationTokenSource();
        await using var node = await NodeHarness.Start(V1);
        var first = node.Reload(V2 with { CodeChange = held.Suspend });
        await held.EnteredBy(first);
        var older = node.Reload(V3);
        var newer = Ask(node, V3 with { Version = "v4" }, gone.Token);

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => newer);
        held.Release();
        Assert.Equal((ReloadVerdict.Committed, ReloadVerdict.Committed), ((await first).Verdict, (await older).Verdict));
        Assert.Equal("v3 0", await (await node.Connect()).Ask("count"));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_reload_that_has_begun_goes_on_and_is_reported()
    {
        using var held = new HeldTurn();
        using var gone = new CancellationTokenSource();
        await using var node = await NodeHarness.Start(V1);
        var reloading = Ask(node, V2 with { CodeChange = held.Suspend }, gone.Token);
        await held.EnteredBy(reloading);

        await gone.CancelAsync();
        held.Release();

        Assert.Equal((ReloadVerdict.Committed, 2), ((await reloading).Verdict, node.Status.Version));
    }

    private static async Task<ReloadReport> Ask(NodeHarness node, CountingService service, CancellationToken gone)
    {
        ReloadReport? report = null;
        await foreach (var item in ((INode)node.Node).Reload(node.Request(node.Releases.Write(service.Compile())), "gone", rehearse: false, hold: null, gone)) report = item.Report;
        return Assert.IsType<ReloadReport>(report);
    }
}
