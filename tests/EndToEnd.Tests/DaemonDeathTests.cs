using WatchReload.Control;
using WatchReload.EndToEnd.Tests.Support;

namespace WatchReload.EndToEnd.Tests;

/// <summary>The daemon and its builder may die at any time: the service is the node's.</summary>
[Collection(nameof(Production))]
public sealed class DaemonDeathTests(Production production)
{
    [Fact(Timeout = 300_000)]
    public async Task Next_run_takes_up_the_node_and_no_connection_notices_when_the_daemon_is_killed()
    {
        var killed = await production.Run();
        var (served, _) = await production.Reload();
        await using var traffic = await Traffic.Start(production.Checkout);
        var before = await production.Status();
        var builder = Builder(killed);

        await killed.Crash();

        await traffic.Round();
        await Processes.Ended(builder.Process(), "the builder, which has lost its daemon");
        var run = await production.Run();
        var adopted = Assert.Single(run.Events.All, e => e.Name is "node.adopted" or "node.started");
        Assert.Equal("node.adopted", adopted.Name);
        Assert.Equal((before.Pid, before.Version, before.Release), (adopted.Number("pid"), adopted.Version, adopted.Text("release")));
        Assert.Equal($"version {served}", await traffic.Agree("/version"));

        var (text, committed) = await production.Reload();
        Assert.Equal(before.Version + 1, committed.Version);
        Assert.Equal($"version {text}", await traffic.Agree("/version"));
        await traffic.Stop();
        Assert.Equal(0, await Production.Stop(run));
        Assert.Null(ProcessIdentity.Of(before.Pid));
    }

    [Fact(Timeout = 300_000)]
    public async Task Node_that_was_taken_up_is_restarted_too_when_it_dies()
    {
        await (await production.Run()).Crash();
        var run = await production.Run();
        var adopted = Assert.Single(run.Events.All, e => e.Name == "node.adopted");
        var current = production.Current();

        Processes.Crash(adopted.Number("pid"));

        Assert.False((await run.Event("node.exited"))["ordered"].GetBoolean());
        var started = await run.Event("node.started");
        Assert.Equal(current, started.Text("release"));
        using var client = await production.Checkout.Connect("ann");
        Assert.Equal("pong a 1", await client.Ask("/ping a"));
    }

    [Fact(Timeout = 300_000)]
    public async Task Build_fails_with_the_cause_and_the_next_one_works_when_the_builder_is_killed_in_the_middle()
    {
        var run = await production.Run();
        var before = await production.Status();
        await using var traffic = await Traffic.Start(production.Checkout, 8);
        using var pause = await BuildPause.Begin(production.Checkout);
        var text = production.SaveNewVersion();
        var reload = production.Checkout.Start("reload");
        await pause.Reached();

        Processes.Crash(Builder(run).Pid);

        var failed = await reload.Verdict("build.failed");
        var problem = Assert.Single(failed.Items("diagnostics")).GetProperty("message").GetString()!;
        Assert.Contains("builder ended", problem, StringComparison.Ordinal);
        Assert.Contains("signal 9", problem, StringComparison.Ordinal);
        Assert.Equal(3, await reload.Exit());
        await traffic.Round();
        Assert.Equal(before.Version, (await production.Status()).Version);

        pause.End();
        await production.Committed();
        Assert.Equal($"version {text}", await traffic.Agree("/version"));
        await traffic.Stop();
    }

    [Fact(Timeout = 300_000)]
    public async Task Nothing_is_half_done_and_the_next_command_works_when_the_daemon_is_killed_in_the_middle_of_a_build()
    {
        var run = await production.Run();
        var before = await production.Status();
        var releases = Directory.GetFileSystemEntries(production.State.Releases).Order().ToArray();
        using var pause = await BuildPause.Begin(production.Checkout);
        var text = production.SaveNewVersion();
        var reload = production.Checkout.Start("reload");
        await pause.Reached();
        var builder = Builder(run);

        await run.Crash();

        Assert.Equal(6, await reload.Exit());
        Assert.Contains("watchreload status", string.Join('\n', reload.Errors.All), StringComparison.Ordinal);
        await Processes.Ended(builder.Process(), "the builder, which has lost its daemon");
        Assert.Equal(releases, Directory.GetFileSystemEntries(production.State.Releases).Order());
        Assert.Equal((before.Version, before.Release), ((await production.Status()).Version, (await production.Status()).Release));

        // Without a daemon the command does it itself.
        pause.End();
        await production.Committed();
        using var client = await production.Checkout.Connect("kim");
        Assert.Equal($"version {text}", await client.Ask("/version"));
    }

    [Fact(Timeout = 300_000)]
    public async Task Node_finishes_what_it_was_handed_and_the_next_daemon_finds_it_when_the_daemon_is_killed_in_the_middle_of_a_delivery()
    {
        const string Service = Checkout.Service + "ChatService.cs";
        var run = await production.Run();
        var before = await production.Status();
        await using var traffic = await Traffic.Start(production.Checkout, 8, "k");
        var (here, hold) = (production.Checkout.Beside("here"), production.Checkout.Beside("go-on"));
        await Processes.Run("mkfifo", hold);
        using var undo = production.Edit(Service, ("CodeChange(CodeChangeContext change)\n    {", $"CodeChange(CodeChangeContext change)\n    {{\n        File.WriteAllText(\"{here}\", \"\");\n        File.ReadAllText(\"{hold}\");"));
        var text = production.SaveNewVersion();
        var reload = production.Checkout.Start("reload");
        await production.Until(_ => File.Exists(here));

        await run.Crash();
        await reload.Exit();
        await File.WriteAllTextAsync(hold, "", TestContext.Current.CancellationToken);

        await production.Until(s => s.Version == before.Version + 1 && s.Reloads.Committed == before.Reloads.Committed + 1);
        Assert.Equal($"version {text}", await traffic.Agree("/version"));
        var next = await production.Run();
        Assert.Equal(before.Version + 1, Assert.Single(next.Events.All, e => e.Name == "node.adopted").Version);
        Assert.Equal("reload.unchanged", (await production.Checkout.Run("reload")).Events[^1].Name);
        await traffic.Stop();
    }

    private Rendezvous Builder(Command run) => RendezvousFile.Read(production.State, $"builder-{run.Pid}") ?? throw new InvalidOperationException("There is no builder.");
}
