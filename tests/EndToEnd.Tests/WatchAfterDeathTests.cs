using WatchReload.EndToEnd.Tests.Support;
using WatchReload.Tests;

namespace WatchReload.EndToEnd.Tests;

/// <summary>What was saved ended the node: it is not live again by itself, in whatever way it would come, and something else serves.</summary>
public sealed class WatchAfterDeathTests
{
    private const string Connection = Checkout.Service + "Connection.cs";

    [Fact(Timeout = 600_000)]
    public async Task Tree_that_the_node_died_on_is_neither_live_by_delta_nor_what_the_next_watch_starts_on()
    {
        await using var checkout = await Checkout.Create();
        var watch = await checkout.Watch();
        await checkout.BuilderIsReady();
        checkout.Edit(Connection, ("$\"pong {text}", "$\"PONG {text}"));
        var committed = await watch.Committed();
        var bad = (committed.Text("lane") == "delta" ? await watch.Event("build.finished") : committed).Text("release")!; // of deltas it follows
        var trial = checkout.State.Trial("main");
        await FileNews.Until(trial, () => FileNews.Says(trial, bad), "the release to give its name");

        Processes.Crash((await checkout.Status()).Number("pid"));

        var died = await watch.Event("reload.refused");
        Assert.Equal((bad, true), (died.Text("release"), died["died"].GetBoolean()));
        var good = (await watch.Event("node.started")).Text("release");
        checkout.Edit(Connection, ("$\"PONG {text}", "$\"Pong {text}"));
        await watch.Committed();
        checkout.Edit(Connection, ("$\"Pong {text}", "$\"PONG {text}"));
        var refused = await watch.Verdict("reload.refused");
        Assert.Contains("failed on trial", refused.Texts("problems")[0], StringComparison.Ordinal);
        using (var client = await checkout.Connect("ann"))
            Assert.Equal("Pong a 1", await client.Ask("/ping a"));

        watch.Signal("TERM");
        await watch.Exit();
        var next = await checkout.Watch();
        refused = await next.Verdict("reload.refused");
        Assert.Contains("watchreload reload --force", refused.Texts("problems")[0], StringComparison.Ordinal);
        using (var client = await checkout.Connect("bob"))
            Assert.NotEqual("PONG a 1", await client.Ask("/ping a"));
        Assert.NotEqual(bad, (await checkout.Status()).Text("release"));
        Assert.NotEqual(bad, good);

        Assert.Equal(0, (await checkout.Run("reload", "--force")).ExitCode);
        using (var client = await checkout.Connect("eve"))
            Assert.Equal("PONG a 1", await client.Ask("/ping a"));
    }
}
