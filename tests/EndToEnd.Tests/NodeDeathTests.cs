using WatchReload.EndToEnd.Tests.Support;

namespace WatchReload.EndToEnd.Tests;

/// <summary>When the node dies its connections and counts are lost, but the service is back, on code that is known to work.</summary>
[Collection(nameof(Production))]
public sealed class NodeDeathTests(Production production)
{
    [Fact(Timeout = 300_000)]
    public async Task Node_is_back_on_current_and_counts_start_afresh_when_it_is_killed()
    {
        var run = await production.Run();
        var before = await production.Status();
        var current = production.Current();
        using var lost = await production.Checkout.Connect("ann");
        Assert.Equal("pong a 1", await lost.Ask("/ping a"));

        Processes.Crash(before.Pid);

        var exited = await run.Event("node.exited");
        Assert.Equal((before.Pid, false), (exited.Number("pid"), exited["ordered"].GetBoolean()));
        Assert.Null(await lost.Read());
        var started = await run.Event("node.started");
        Assert.NotEqual(before.Pid, started.Number("pid"));
        Assert.Equal(current, started.Text("release"));
        using var client = await production.Checkout.Connect("ann");
        Assert.Equal("pong b 1", await client.Ask("/ping b"));
        Assert.Null((await production.Status()).Trial);
    }

    [Fact(Timeout = 300_000)]
    public async Task Release_before_serves_and_the_trial_is_bad_when_the_node_dies_on_trial()
    {
        var run = await production.Run();
        var good = production.Current();
        var (_, committed) = await production.Reload();
        var onTrial = await production.Status();
        Assert.Equal(committed.Text("release"), onTrial.Trial?.Release);

        Processes.Crash(onTrial.Pid);

        var told = await run.Event("reload.refused"); // before it is told that another process serves
        Assert.Equal((onTrial.Release, true, true, 1), (told.Text("release"), told["takenBack"].GetBoolean(), told["died"].GetBoolean(), told.Version));
        var started = await run.Event("node.started", e => e.Number("pid") != onTrial.Pid);
        Assert.Equal(good, started.Text("release"));
        using var client = await production.Checkout.Connect("ann");
        var back = await production.Status();
        Assert.Equal((good, null), (back.Release, back.Trial));
        var history = (await production.Checkout.Run("history", "--count", "2")).Events.Select(e => (e.Text("cause"), e.Text("verdict"), e.Text("release")));
        Assert.Equal([("crash", "started", good), ("probation", "takenBack", onTrial.Release)], history.OrderBy(e => e.Item1));
        Assert.Contains(onTrial.ContentHash, await File.ReadAllLinesAsync(production.State.Bad, TestContext.Current.CancellationToken));

        var again = await production.Checkout.Run("reload");
        Assert.Equal(4, again.ExitCode);
        Assert.Contains("failed on trial", Assert.Single(Assert.Single(again.Events, e => e.Name == "reload.refused").Texts("problems")), StringComparison.Ordinal);
        Assert.Equal("pong a 1", await client.Ask("/ping a"));
    }
}
