using WatchReload.EndToEnd.Tests.Support;

namespace WatchReload.EndToEnd.Tests;

/// <summary>The command in production: one <c>run</c>, and other verbs beside it.</summary>
public sealed class VerbTests
{
    [Fact(Timeout = 600_000)]
    public async Task Verbs_work_beside_a_run()
    {
        await using var checkout = await Checkout.Create();
        var run = checkout.Start("run");
        var started = await run.Verdict("node.started");
        Assert.Equal(checkout.Endpoint.ToString(), started["listeners"].GetProperty("chat").GetString());
        await using var traffic = await Traffic.Start(checkout, connections: 4);

        var unchanged = await checkout.Run("reload");
        Assert.Equal((0, "reload.unchanged"), (unchanged.ExitCode, unchanged.Events[^1].Name));

        checkout.SaveVersion("2");
        var rehearsed = await checkout.Run("reload", "--rehearse");
        Assert.Equal((0, "reload.rehearsed"), (rehearsed.ExitCode, rehearsed.Events[^1].Name));
        Assert.Equal("version 1", await traffic.Agree("/version"));

        var commit = await checkout.Commit("second");
        var reloaded = await checkout.Run("reload", "--by", "ada");
        Assert.Equal((0, "reload.committed"), (reloaded.ExitCode, reloaded.Events[^1].Name));
        Assert.Equal("version 2", await traffic.Agree("/version"));

        var status = await checkout.Status();
        Assert.Equal((2, commit, 4), (status.Version, status.Text("commit"), status.Number("connections")));
        Assert.Equal(4, status["actors"].GetProperty("byBehavior").GetProperty("WatchReload.Service.Connection").GetInt32());
        Assert.Equal(started.Number("pid"), status.Number("pid"));
        Assert.Equal(reloaded.Events[^1].Text("release"), status["trial"].GetProperty("release").GetString());

        var releases = await checkout.Run("releases");
        Assert.Equal(["main"], releases.Events[0].Texts("serving"));
        Assert.Equal((status.Text("release"), commit), (releases.Events[0].Text("id"), releases.Events[0].Text("commit")));
        Assert.Equal(started.Text("release"), releases.Events[^1].Text("id"));
        Assert.Equal(["main"], releases.Events[^1].Texts("current"));

        var history = await checkout.Run("history");
        Assert.Equal(
            [("reload", "committed"), ("reload", "rehearsed"), ("reload", "unchanged"), ("run", "started")],
            history.Events.Select(e => (e.Text("cause"), e.Text("verdict"))));
        Assert.Equal(("ada", commit), (history.Events[0].Text("by"), history.Events[0].Text("commit")));

        var back = await checkout.Run("rollback");
        Assert.Equal((0, "rollback.finished"), (back.ExitCode, back.Events[^1].Name));
        Assert.Equal("version 1", await traffic.Agree("/version"));
        await traffic.Stop();

        var stopped = await checkout.Run("stop");
        Assert.Equal(0, stopped.ExitCode);
        Assert.Equal(0, await run.Exit());
        Assert.Equal(6, (await checkout.Run("status")).ExitCode);
    }

    [Fact(Timeout = 300_000)]
    public async Task Verbs_that_need_a_node_say_how_to_start_one_when_there_is_none()
    {
        await using var checkout = await Checkout.Create();

        foreach (var verb in (string[])["reload", "status", "stop"])
        {
            var outcome = await checkout.Run(verb);

            Assert.Equal(6, outcome.ExitCode);
            Assert.Empty(outcome.Events);
            Assert.Contains("watchreload watch", outcome.ErrorText, StringComparison.Ordinal);
        }
    }

    [Fact(Timeout = 300_000)]
    public async Task Second_daemon_on_one_checkout_is_refused_and_the_first_named()
    {
        await using var checkout = await Checkout.Create();
        var first = checkout.Start("watch");
        await first.Event("build.started");

        foreach (var verb in (string[])["watch", "run"])
        {
            var second = await checkout.Run(verb);

            Assert.Equal(2, second.ExitCode);
            Assert.Empty(second.Events);
            Assert.Contains($"(pid {first.Pid})", second.ErrorText, StringComparison.Ordinal);
            Assert.Contains("watchreload stop", second.ErrorText, StringComparison.Ordinal);
        }

        Assert.True(first.IsRunning);
    }
}
