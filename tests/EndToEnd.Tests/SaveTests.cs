using WatchReload.Control;
using WatchReload.EndToEnd.Tests.Support;
using WatchReload.Tests;

namespace WatchReload.EndToEnd.Tests;

/// <summary>The main job: a file is saved, and connections that were open before have the new code.</summary>
public sealed class SaveTests
{
    [Fact(Timeout = 600_000)]
    public async Task Save_is_live_on_64_pinging_connections_when_watching()
    {
        await using var checkout = await Checkout.Create();
        var watch = await checkout.Watch();
        await using var traffic = await Traffic.Start(checkout);
        Assert.Equal("version 1", await traffic.Agree("/version"));

        checkout.SaveVersion("2");
        var committed = await watch.Committed();

        Assert.Equal("version 2", await traffic.Agree("/version"));
        Assert.Equal((1, 2), (committed.Number("previousVersion"), committed.Version));
        Assert.Equal(Traffic.Usual + 1, committed.Number("mapped") + committed.Items("late").Count);
        Assert.Empty(committed.Items("parked"));
        Assert.Equal("yes", committed.Text("reversible"));
        await traffic.Round();
        var status = await checkout.Status();
        Assert.Equal(Traffic.Usual, status.Number("connections"));
        Assert.Equal(0, status.Number("deadLetters"));
        Assert.Equal(committed.Version, status.Version);
        Assert.All(await traffic.Stop(), pings => Assert.True(pings > 0));
    }

    /// <summary>What is compiled without MSBuild is what MSBuild makes of the same tree, which has made it too.</summary>
    [Fact(Timeout = 600_000)]
    public async Task Save_is_built_both_ways_when_watching_with_verify()
    {
        await using var checkout = await Checkout.Create();
        var watch = await checkout.Watch("--verify");
        await using var traffic = await Traffic.Start(checkout, connections: 4);
        await checkout.BuilderIsReady();

        checkout.SaveVersion("2");
        var built = await watch.Event("build.finished");
        await watch.Committed();

        Assert.Equal(("replay", "what is applied in place cannot be compared with what MSBuild makes (--verify)"), (built.Text("lane"), built.Text("laneReason")));
        Assert.Empty(built.Items("diagnostics"));
        Assert.Equal("version 2", await traffic.Agree("/version"));
        foreach (var file in (string[])["WatchReload.Service.dll", "WatchReload.Service.pdb"])
        {
            var byMSBuild = Assert.Single(Directory.EnumerateFiles(Path.Combine(checkout.State.Root, "build", "obj", "Service"), file, SearchOption.AllDirectories), path => !Path.GetDirectoryName(path)!.Contains("ref", StringComparison.Ordinal));
            var served = Path.Combine(checkout.State.Release(built.Text("release")!), file);
            Assert.Equal(await File.ReadAllBytesAsync(byMSBuild, TestContext.Current.CancellationToken), await File.ReadAllBytesAsync(served, TestContext.Current.CancellationToken));
        }

        await traffic.Stop();
    }

    [Fact(Timeout = 600_000)]
    public async Task Next_save_is_live_after_a_rollback_when_watching()
    {
        await using var checkout = await Checkout.Create();
        var watch = await checkout.Watch();
        using var client = await checkout.Connect("ann");
        checkout.SaveVersion("2");
        await watch.Committed();

        Assert.Equal(0, (await checkout.Run("rollback")).ExitCode);
        Assert.Equal(3, (await watch.Committed()).Version);
        Assert.Equal("version 1", await client.Ask("/version"));

        checkout.SaveVersion("3");
        Assert.Equal(4, (await watch.Committed()).Version); // and nothing has brought the second one back before
        Assert.Equal("version 3", await client.Ask("/version"));
    }

    [Fact(Timeout = 600_000)]
    public async Task Save_that_came_while_deploys_were_frozen_is_live_by_itself_afterwards()
    {
        await using var checkout = await Checkout.Create();
        var watch = await checkout.Watch();
        using var client = await checkout.Connect("ann");
        Assert.Equal(0, (await checkout.Run("freeze")).ExitCode);
        checkout.SaveVersion("2");
        Assert.True((await watch.Verdict("reload.refused"))["notTried"].GetBoolean());
        Assert.Equal("version 1", await client.Ask("/version"));

        Assert.Equal(0, (await checkout.Run("unfreeze")).ExitCode);

        Assert.Equal(2, (await watch.Committed()).Version);
        Assert.Equal("version 2", await client.Ask("/version"));
    }

    [Fact(Timeout = 600_000)]
    public async Task Service_index_and_named_connections_log_their_code_change()
    {
        await using var checkout = await Checkout.Create();
        var watch = await checkout.Watch();
        string[] names = ["ada", "bob", "eve"];
        var clients = new List<ChatClient>();
        foreach (var name in names)
            clients.Add(await checkout.Connect(name));

        checkout.SaveVersion("2");
        await watch.Committed();

        await watch.Errors.Next(l => l.EndsWith(" INF WatchReload.Service.ChatService: Code change: the service went from version 1 to version 2.", StringComparison.Ordinal), "the service's line");
        await watch.Errors.Next(l => l.EndsWith(" INF WatchReload.Service.Index: Code change: the index went from version 1 to version 2 and tells 3 connections.", StringComparison.Ordinal), "the index's line");
        foreach (var name in names)
            await watch.Errors.First(l => l.EndsWith($" INF WatchReload.Service.Connection: Code change: the connection of {name} went from version 1 to version 2.", StringComparison.Ordinal), $"the line of {name}");
        clients.ForEach(c => c.Dispose());

        // What the node says of itself is in its log.
        Assert.DoesNotContain(watch.Errors.All, l => l.Contains("asked for by", StringComparison.Ordinal) || l.Contains(" serves. Actors changed over", StringComparison.Ordinal));
        var log = Assert.Single(Directory.EnumerateFiles(checkout.State.Logs, "node-main-*.log"));
        Assert.True(FileNews.Says(log, "asked for by watch"));
        Assert.True(FileNews.Says(log, " serves. Actors changed over"));
    }

    [Fact(Timeout = 600_000)]
    public async Task Old_versions_are_unloaded_after_50_reloads_in_a_row()
    {
        const int Reloads = 50;
        await using var checkout = await Checkout.Create();
        var watch = await checkout.Watch("--no-delta");
        await using var traffic = await Traffic.Start(checkout, connections: 4);
        var blocked = new HashSet<string> { await LastBlockingCollection(checkout) };
        await checkout.BuilderIsReady(); // else all of them go through MSBuild, as none leaves it time to become ready

        for (var version = 2; version <= Reloads + 1; version++)
        {
            checkout.SaveVersion($"{version}");
            Assert.Equal(version, (await watch.Committed()).Version);
            Assert.Equal($"version {version}", await traffic.Agree("/version"));
            blocked.Add(await LastBlockingCollection(checkout));
        }

        for (var old = 1; old <= Reloads; old++)
            await watch.Events.First(e => e.Name == "version.unloaded" && e.Version == old, $"that version {old} is unloaded");
        var status = await checkout.Status();
        Assert.Equal(Reloads, status["reloads"].GetProperty("committed").GetInt32() - 1);
        Assert.All(status.Items("oldVersions"), old => Assert.Equal("unloaded", old.GetProperty("state").GetString()));
        Assert.DoesNotContain(watch.Events.All, e => e.Name == "version.lingering");
        Assert.InRange(blocked.Count, 1, 2); // old versions are collected beside the turns, small as the heap is; where memory is short the runtime may block once
        await traffic.Stop();
    }

    private static async Task<string> LastBlockingCollection(Checkout checkout)
    {
        using var node = new PipeClient(checkout.State, "main");
        return Assert.Single((await node.GetText("/v1/metrics", TestContext.Current.CancellationToken)).Split('\n'), line => line.StartsWith("watchreload_gc_blocking_full_last ", StringComparison.Ordinal));
    }
}
