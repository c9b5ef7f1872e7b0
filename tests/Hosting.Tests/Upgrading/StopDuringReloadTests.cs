using WatchReload.Control;

namespace WatchReload.Hosting.Tests.Upgrading;

/// <summary>The node stops past the point of no return: what was committed is what it has been, and what it starts on again.</summary>
public sealed class StopDuringReloadTests
{
    private static readonly CountingService V1 = new() { Members = "public override ValueTask Stopping(ConnState s, StopReason why, Context self) { self.WriteLine($\"v1 bye {s.Count}\"); return default; }" };

    [Theory(Timeout = 60_000)]
    [InlineData("code change")]
    [InlineData("sweep")]
    [InlineData("hosted service of the new version starts")]
    [InlineData("hosted service of the old version stops")]
    public async Task The_new_version_is_what_ends_when_the_node_stops_after_the_commit(string step)
    {
        using var held = new HeldTurn();
        await using var node = await NodeHarness.Start(step == "hosted service of the old version stops" ? Hosting(V1, stop: held.Suspend) : V1);
        var (client, other) = (await node.Connect(), await node.Connect());
        Assert.Equal(("ok", "ok"), (await client.Ask("add"), await other.Ask("add")));
        var reloading = node.Reload(Held(step, held));
        await held.Entered;

        var stopping = node.Node.StopInOrder();
        held.Release();
        Assert.True(await stopping);
        var report = await reloading;

        Assert.Equal((ReloadVerdict.Committed, 2), (report.Verdict, report.Version));
        Assert.Equal(("v2 bye 1", "v2 bye 1"), (await client.Read(), await other.Read()));
        Assert.Equal("r000002", (await File.ReadAllTextAsync(node.State.Current("main"), TestContext.Current.CancellationToken)).Trim());
        Assert.False(File.Exists(node.State.Trial("main")));
        Assert.Equal(0L, node.Status.DeadLetters);
    }

    [Fact(Timeout = 60_000)]
    public async Task The_old_version_is_what_ends_when_the_node_stops_on_the_way_back()
    {
        using var held = new HeldTurn();
        await using var node = await NodeHarness.Start(V1 with { CodeChange = held.Suspend });
        var client = await node.Connect();
        Assert.Equal("ok", await client.Ask("add"));
        var reloading = node.Reload(V2 with { CodeChange = "throw new InvalidOperationException(\"not today\");" });
        await held.EnteredBy(reloading);

        var stopping = node.Node.StopInOrder();
        held.Release();
        Assert.True(await stopping);
        var report = await reloading;

        Assert.Equal((ReloadVerdict.TakenBack, 3), (report.Verdict, node.Status.Version));
        Assert.Equal("v1 bye 1", await client.Read());
        Assert.Equal("r000001", (await File.ReadAllTextAsync(node.State.Current("main"), TestContext.Current.CancellationToken)).Trim());
        Assert.False(File.Exists(node.State.Trial("main")));
        Assert.Equal(0L, node.Status.DeadLetters);
    }

    /// <summary>It could not go back any more; the next start does.</summary>
    [Fact(Timeout = 60_000)]
    public async Task What_was_to_be_taken_back_as_the_node_stopped_is_not_what_it_starts_on_again()
    {
        using var held = new HeldTurn();
        await using var node = await NodeHarness.Start(V1);
        var client = await node.Connect();
        Assert.Equal("ok", await client.Ask("add"));
        var release = node.Releases.Write((V1 with { Version = "v2", CodeChange = $"{held.Suspend} throw new InvalidOperationException(\"not today\");" }).Compile());
        var reloading = node.Reload(release);
        await held.EnteredBy(reloading);

        var stopping = node.Node.StopInOrder();
        held.Release();
        Assert.True(await stopping);
        Assert.Contains("not today", (await reloading).Problems[0], StringComparison.Ordinal);

        Assert.Equal("r000001", (await File.ReadAllTextAsync(node.State.Current("main"), TestContext.Current.CancellationToken)).Trim());
        Assert.False(File.Exists(node.State.Trial("main")));
    }

    /// <summary>Nobody knows how that would have ended; the next start is on what is proven.</summary>
    [Fact(Timeout = 60_000)]
    public async Task What_has_not_come_through_its_code_change_as_the_node_stopped_is_not_what_it_starts_on_again()
    {
        var time = new FakeTime();
        using var held = new HeldTurn();
        using var steps = new ToldSteps();
        await using var node = await NodeHarness.Start(Hosting(V1, stop: steps.Tell("\"stopped\"")), time);
        var reloading = node.Reload(V2 with { CodeChange = held.Suspend });
        await held.EnteredBy(reloading);

        var stopping = node.Node.StopInOrder();
        await time.Armed(NodeHarness.DrainDeadline / 4);
        time.Advance(NodeHarness.DrainDeadline / 4);
        var inOrder = await stopping;
        var (current, isOnTrial, told) = (await File.ReadAllTextAsync(node.State.Current("main"), TestContext.Current.CancellationToken), File.Exists(node.State.Trial("main")), steps.Take());
        held.Release();
        await reloading;

        Assert.Equal((true, "r000001\n", false), (inOrder, current, isOnTrial));
        Assert.Equal(["stopped"], told); // of the old version: the reload has not come to its end
        Assert.Empty(steps.Take());
        Assert.Equal(current, await File.ReadAllTextAsync(node.State.Current("main"), TestContext.Current.CancellationToken));
    }

    /// <summary>It had come through; what is current on disk is the release before it.</summary>
    [Fact(Timeout = 60_000)]
    public async Task What_was_on_trial_when_that_was_committed_is_what_the_node_starts_on_again()
    {
        var time = new FakeTime();
        using var held = new HeldTurn();
        await using var node = await NodeHarness.Start(V1, time);
        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(V2, request => request with { ProbationSeconds = 600 })).Verdict);
        Assert.Equal("r000002", (await File.ReadAllTextAsync(node.State.Trial("main"), TestContext.Current.CancellationToken)).Trim());
        var reloading = node.Reload(V2 with { Version = "v3", CodeChange = held.Suspend });
        await held.EnteredBy(reloading);

        var stopping = node.Node.StopInOrder();
        await time.Armed(NodeHarness.DrainDeadline / 4);
        time.Advance(NodeHarness.DrainDeadline / 4);
        await stopping;
        held.Release();
        await reloading;

        Assert.Equal("r000002", (await File.ReadAllTextAsync(node.State.Current("main"), TestContext.Current.CancellationToken)).Trim());
        Assert.False(File.Exists(node.State.Trial("main")));
    }

    [Fact(Timeout = 60_000)]
    public async Task The_new_version_ends_in_order_when_the_node_stops_while_the_old_one_retires()
    {
        using var held = new HeldTurn();
        await using var node = await NodeHarness.Start(Hosting(V1, members: $"public void Dispose() => _ = {held.Block};", bases: ", IDisposable"));
        var client = await node.Connect();
        Assert.Equal("ok", await client.Ask("add"));
        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(V2)).Verdict);
        await held.Entered;
        Assert.Equal("retiring", Assert.Single(node.Status.OldVersions).State);

        // Nobody waits for what the old version still has to do.
        Assert.True(await node.Node.StopInOrder());

        Assert.Equal("v2 bye 1", await client.Read());
        Assert.Equal("r000002", (await File.ReadAllTextAsync(node.State.Current("main"), TestContext.Current.CancellationToken)).Trim());
        Assert.Equal(0L, node.Status.DeadLetters);
        held.Release();
    }

    /// <summary>It was prepared before, and listens when the node has stopped accepting already.</summary>
    [Fact(Timeout = 60_000)]
    public async Task A_listener_that_a_committed_reload_adds_accepts_no_more_than_the_others_when_the_node_stops()
    {
        using var log = new HeldLog("more listens on");
        var time = new FakeTime();
        await using var node = new NodeHarness { Time = time };
        Assert.Null(await node.StartOn(node.Releases.Write(V1.Compile()), log));
        var client = await node.Connect();
        Assert.Equal("ok", await client.Ask("add"));
        var reloading = node.Reload(V2 with { Configure = "service.Listen(\"more\", \"127.0.0.1:0\").Lines(4096).Accept<Conn, ConnState, ConnMessage>(_ => new ConnState(0));" });
        Assert.Same(log.Reached, await Task.WhenAny(log.Reached, reloading));

        var others = log.Logged("lines no longer listens on");
        var stopping = node.Node.StopInOrder();
        await others;
        log.Release();

        // The clock stands still: nothing is waited out.
        Assert.True(await stopping);
        Assert.Equal(ReloadVerdict.Committed, (await reloading).Verdict);
        await Assert.ThrowsAnyAsync<Exception>(() => node.Connect("more"));
        Assert.Equal("v2 bye 1", await client.Read());
    }

    private static CountingService V2 => V1 with { Version = "v2", Members = V1.Members.Replace("v1", "v2", StringComparison.Ordinal) };

    private static CountingService Held(string step, HeldTurn held) => step switch
    {
        "sweep" => V2 with { Members = V2.Members + $"public override ValueTask<ConnState> Started(ConnState s, StartReason why, Context self) {{ if (why == StartReason.CodeChanged) _ = {held.Block}; return new(s); }}" },
        "code change" => V2 with { CodeChange = held.Suspend },
        "hosted service of the new version starts" => Hosting(V2, start: held.Suspend),
        _ => V2,
    };

    private static CountingService Hosting(CountingService service, string start = "", string stop = "", string members = "", string bases = "") => service with
    {
        More = $$"""
            public sealed class Host : Microsoft.Extensions.Hosting.IHostedService{{bases}}
            {
                public async Task StartAsync(CancellationToken token) { await Task.Yield(); {{start}} }
                public async Task StopAsync(CancellationToken token) { await Task.Yield(); {{stop}} }
                {{members}}
            }
            """,
        Configure = "Microsoft.Extensions.DependencyInjection.ServiceCollectionHostedServiceExtensions.AddHostedService<Host>(service.Services);",
    };
}
