using WatchReload.Control;
using WatchReload.Hosting.Endpoint;

namespace WatchReload.Hosting.Tests.Upgrading;

public sealed class StopTests
{
    private static readonly CountingService V1 = new();

    [Fact(Timeout = 60_000)]
    public async Task Hosted_services_stop_and_the_container_is_disposed_of_when_the_node_stops()
    {
        var key = $"stop-{Guid.NewGuid():N}";
        var log = new List<string>();
        AppContext.SetData(key, log);
        await using var node = await NodeHarness.Start(V1 with
        {
            More = $$"""
                public sealed class Host(IServiceVersion version) : Microsoft.Extensions.Hosting.IHostedService, IDisposable
                {
                    private static List<string> Log => (List<string>)AppContext.GetData("{{key}}")!;
                    public Task StartAsync(CancellationToken stop) { Log.Add("start"); return Task.CompletedTask; }
                    public Task StopAsync(CancellationToken stop) { Log.Add("stop"); return Task.CompletedTask; }
                    public void Dispose() => Log.Add(version.Retired.IsCancellationRequested ? "dispose, retired" : "dispose");
                }
                """,
            Configure = "Microsoft.Extensions.DependencyInjection.ServiceCollectionHostedServiceExtensions.AddHostedService<Host>(service.Services);",
        });

        Assert.True(await node.Node.StopInOrder());

        Assert.Equal(["start", "stop", "dispose, retired"], log);
        AppContext.SetData(key, null);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task How_it_ended_is_left_behind_for_whoever_is_not_its_parent(bool byPolicy)
    {
        await using var node = await NodeHarness.Start(V1 with
        {
            Commands = "case \"fail\": throw new InvalidOperationException(\"no\");",
            Configure = "service.Listen(\"more\", \"127.0.0.1:0\").Lines(4096).Accept<Conn, ConnState, ConnMessage>(_ => new ConnState(0)).OnFailure(FailurePolicy.ExitNode, 0, TimeSpan.FromMinutes(1));",
        });
        var mark = node.State.Ended("main");
        Assert.False(File.Exists(mark));
        if (byPolicy)
        {
            await (await node.Connect("more")).Send("fail");
            await node.Node.StopRequested.WaitAsync(TestContext.Current.CancellationToken);
        }

        await node.Node.StopInOrder();

        Assert.Equal($"{(byPolicy ? 1 : 0)} {Environment.ProcessId}\n", await File.ReadAllTextAsync(mark, TestContext.Current.CancellationToken));
        await node.Node.DisposeAsync();
        Assert.Null(await node.StartOn(null));
        Assert.False(File.Exists(mark));
    }

    /// <summary>They would fail again, now by their own policy: that an operator stops the node would be taken for an end that the node wants.</summary>
    [Fact(Timeout = 60_000)]
    public async Task What_a_trial_has_parked_has_no_turn_any_more_when_the_node_stops()
    {
        const int clients = 20;
        var service = V1 with
        {
            Commands = "case \"fail\": throw new InvalidOperationException(\"no\");",
            Configure = "service.Listen(\"more\", \"127.0.0.1:0\").Lines(4096).Accept<Conn, ConnState, ConnMessage>(_ => new ConnState(0)).OnFailure(FailurePolicy.ExitNode, 0, TimeSpan.FromMinutes(1));",
        };
        await using var node = await NodeHarness.Start(service);
        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(service with { Version = "v2" }, request => request with { ProbationSeconds = 600 })).Verdict);
        for (var i = 0; i < clients; i++) await (await node.Connect("more")).Send("fail\nfail");
        await node.Until(status => status.ParkedCount == clients);

        Assert.True(await node.Node.StopInOrder());

        Assert.False(node.Node.EndedByPolicy);
    }

    [Fact(Timeout = 60_000)]
    public async Task That_it_ended_in_order_is_left_behind_on_a_full_disk_too()
    {
        await using var node = new NodeHarness();
        OwnedPath.EnsureState(node.State); // there the node finds it when the disk is gone
        using var disk = SmallDisk.Mount(node.State);
        Assert.SkipWhen(disk is null, SmallDisk.None);
        Assert.Null(await node.StartOn(node.Releases.Write(V1.Compile())));
        disk.Fill();

        await node.Node.StopInOrder();

        Assert.Equal($"0 {Environment.ProcessId}\n", await File.ReadAllTextAsync(node.State.Ended("main"), TestContext.Current.CancellationToken));
    }

    [Fact(Timeout = 60_000)]
    public async Task Hosted_services_are_told_that_no_time_is_left_when_actors_have_used_it()
    {
        var key = $"stop-{Guid.NewGuid():N}";
        var log = new List<string>();
        AppContext.SetData(key, log);
        var time = new FakeTime();
        using var held = new HeldTurn();
        await using var node = await NodeHarness.Start(time: time, service: V1 with
        {
            Commands = held.Command,
            More = $$"""
                public sealed class Host : Microsoft.Extensions.Hosting.IHostedService
                {
                    public Task StartAsync(CancellationToken stop) => Task.CompletedTask;
                    public Task StopAsync(CancellationToken stop)
                    {
                        ((List<string>)AppContext.GetData("{{key}}")!).Add(stop.IsCancellationRequested ? "out of time" : "in time");
                        return Task.CompletedTask;
                    }
                }
                """,
            Configure = "Microsoft.Extensions.DependencyInjection.ServiceCollectionHostedServiceExtensions.AddHostedService<Host>(service.Services);",
        });
        var client = await node.Connect();
        await client.Send("wait");
        await held.Entered;

        var stopping = node.Node.StopInOrder();
        await time.Armed(NodeHarness.DrainDeadline);
        time.Advance(NodeHarness.DrainDeadline);
        Assert.False(await stopping);

        Assert.Equal(["out of time"], log);
        held.Release();
        AppContext.SetData(key, null);
    }

    [Fact(Timeout = 60_000)]
    public async Task Hosted_services_share_one_deadline_when_they_do_not_end_by_it()
    {
        var time = new FakeTime();
        using var held = new HeldTurn();
        await using var node = await NodeHarness.Start(time: time, service: V1 with
        {
            More = $$"""
                public abstract class Host : Microsoft.Extensions.Hosting.IHostedService
                {
                    public Task StartAsync(CancellationToken stop) => Task.CompletedTask;
                    public Task StopAsync(CancellationToken stop) => {{held.Wait}};
                }
                public sealed class One : Host;
                public sealed class Two : Host;
                """,
            Configure = """
                Microsoft.Extensions.DependencyInjection.ServiceCollectionHostedServiceExtensions.AddHostedService<One>(service.Services);
                Microsoft.Extensions.DependencyInjection.ServiceCollectionHostedServiceExtensions.AddHostedService<Two>(service.Services);
                """,
        });
        var began = time.GetTimestamp();
        var withGrace = NodeHarness.DrainDeadline + TimeSpan.FromSeconds(1);

        var stopping = node.Node.StopInOrder();
        await time.Armed(withGrace);
        time.Advance(withGrace);
        await stopping;

        Assert.Equal(withGrace, time.GetElapsedTime(began));
        held.Release();
    }

    [Fact(Timeout = 60_000)]
    public async Task A_container_that_does_not_end_does_not_keep_the_node_from_stopping()
    {
        var time = new FakeTime();
        using var held = new HeldTurn();
        await using var node = await NodeHarness.Start(time: time, service: V1 with
        {
            More = $"public sealed class Slow : IDisposable {{ public void Dispose() => _ = {held.Block}; }}",
            Configure = "Microsoft.Extensions.DependencyInjection.ServiceCollectionServiceExtensions.AddSingleton<Slow>(service.Services);",
            Members = "private readonly Slow slow; public Conn(Slow slow) => this.slow = slow;",
        });

        var stopping = node.Node.StopInOrder();
        await held.Entered;
        await time.Armed(NodeHarness.DrainDeadline);
        time.Advance(NodeHarness.DrainDeadline);

        Assert.False(await stopping);
        held.Release();
    }

    /// <summary>The clock stands still: whoever is connected waits for no reload.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Nobody_is_accepted_any_more_and_those_who_are_connected_are_told_when_a_reload_hangs()
    {
        var time = new FakeTime();
        using var held = new HeldTurn();
        await using var node = await NodeHarness.Start(time: time, service: V1 with
        {
            Members = "public override ValueTask Stopping(ConnState s, StopReason why, Context self) { self.WriteLine($\"bye {why}\"); return default; }",
        });
        var client = await node.Connect();
        Assert.Equal("ok", await client.Ask("add"));
        var reloading = node.Reload(V1 with { Version = "v2", Configure = $"_ = {held.Block};" });
        await held.EnteredBy(reloading);

        var stopping = node.Node.StopInOrder();
        await time.Armed(NodeHarness.DrainDeadline / 4);
        await Assert.ThrowsAnyAsync<Exception>(() => node.Connect());
        time.Advance(NodeHarness.DrainDeadline / 4);

        Assert.Equal("bye NodeStopping", await client.Read());
        Assert.Null(await client.Read());
        Assert.True(await stopping);
        held.Release();
    }

    [Fact(Timeout = 60_000)]
    public async Task Connections_of_an_endpoint_that_has_moved_are_counted_and_drained()
    {
        await using var node = await NodeHarness.Start(V1);
        var client = await node.Connect();
        Assert.Equal("ok", await client.Ask("add"));
        var before = Assert.Single(node.Status.Listeners).Endpoint;
        var moved = await node.Reload(V1 with { Version = "v2", Endpoint = "localhost:0" }, request => request with { ProbationSeconds = 0.01 });
        Assert.Equal(ReloadVerdict.Committed, moved.Verdict);
        await node.Until(s => s.Trial is null && s.Listeners is [var only] && only.Endpoint != before);

        Assert.Equal((1, 1), (node.Status.Connections, Assert.Single(node.Status.Listeners).Connections));
        Assert.Equal("v2 1", await client.Ask("count"));
        Assert.True(await node.Node.StopInOrder());
        Assert.Equal(0, node.Status.Connections);
        Assert.Null(await client.Read());
    }

    [Fact(Timeout = 60_000)]
    public async Task A_held_reload_is_aborted_and_none_begins_any_more_when_the_node_stops()
    {
        await using var node = await NodeHarness.Start(V1);
        var release = node.Releases.Write((V1 with { Version = "v2" }).Compile());
        var prepared = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var held = Held(node, release, prepared);
        await prepared.Task;

        await node.Node.StopInOrder();

        Assert.Equal(ReloadVerdict.Refused, (await held)!.Verdict);
        var after = await node.Reload(release);
        Assert.Equal(ReloadVerdict.Refused, after.Verdict);
        Assert.Contains("stopping", Assert.Single(after.Problems), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_peer_gets_what_actors_write_when_the_node_stops()
    {
        await using var node = await NodeHarness.Start(V1 with
        {
            Members = "public override ValueTask Stopping(ConnState s, StopReason why, Context self) { self.WriteLine($\"bye {why}\"); return default; }",
        });
        var client = await node.Connect();
        Assert.Equal("ok", await client.Ask("add"));
        var stopping = node.Node.StopInOrder();
        Assert.Equal("bye NodeStopping", await client.Read());
        Assert.Null(await client.Read());
        Assert.True(await stopping);
    }

    private static async Task<ReloadReport?> Held(NodeHarness node, WrittenRelease release, TaskCompletionSource prepared)
    {
        ReloadReport? report = null;
        await foreach (var item in ((INode)node.Node).Reload(node.Request(release), "held", rehearse: false, TimeSpan.FromMinutes(10), TestContext.Current.CancellationToken))
        {
            if (item.Phase?.Name == "prepare") prepared.SetResult();
            report = item.Report;
        }

        return report;
    }
}
