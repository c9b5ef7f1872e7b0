using System.Net;
using System.Net.Sockets;
using WatchReload.Control;

namespace WatchReload.Hosting.Tests.Upgrading;

/// <summary>What a version could not start after its commit is told, and those who are connected are served.</summary>
public sealed class NotStartedTests
{
    private static readonly CountingService V1 = new();
    private static readonly CountingService V2 = V1 with { Version = "v2" };

    [Theory(Timeout = 60_000)]
    [InlineData("", "throw new InvalidOperationException(\"no database\")", "The hosted service Worker did not start: InvalidOperationException: no database")]
    [InlineData("", "throw new TimeoutException(\"no answer\")", "The hosted service Worker did not start: TimeoutException: no answer")]
    [InlineData("", "Task.FromException(new InvalidOperationException(\"no database\"))", "The hosted service Worker did not start: InvalidOperationException: no database")]
    [InlineData("public Worker() => throw new InvalidOperationException(\"no settings\");", "Task.CompletedTask", "The hosted services could not be made: InvalidOperationException: no settings")]
    public async Task A_hosted_service_that_does_not_start_is_told_in_report_and_status_and_the_version_serves_on_trial(string members, string start, string problem)
    {
        await using var node = await NodeHarness.Start(V1);
        var client = await node.Connect();
        Assert.Equal("ok", await client.Ask("add"));

        var report = await node.Reload(Hosting(V2, members, start));

        Assert.Equal(ReloadVerdict.Committed, report.Verdict);
        Assert.Contains(problem, Assert.Single(report.Problems));
        Assert.Equal(report.Problems, node.Status.Problems);
        Assert.Equal((2, "r000002"), (node.Status.Version, node.Status.Trial?.Release));
        Assert.Equal("v2 1", await client.Ask("count"));

        Assert.Empty((await node.Reload(V1 with { Version = "v3" })).Problems);
        Assert.Empty(node.Status.Problems);
        Assert.Equal("v3 1", await client.Ask("count"));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_hosted_service_that_does_not_start_in_time_is_told()
    {
        var time = new FakeTime();
        using var held = new HeldTurn();
        await using var node = await NodeHarness.Start(V1, time);
        var client = await node.Connect();
        Assert.Equal("ok", await client.Ask("add"));

        var reloading = node.Reload(Hosting(V2, "", $"new Func<Task>(async () => {{ {held.Suspend} }})()"));
        await held.EnteredBy(reloading);
        var report = await time.PassUntil(reloading, TimeSpan.FromSeconds(31));

        Assert.Equal(ReloadVerdict.Committed, report.Verdict);
        Assert.Equal(["The hosted service Worker did not start: its StartAsync had not ended after 30 s. The version serves without it; mend it, and deliver another release."], report.Problems);
        Assert.Equal(report.Problems, node.Status.Problems);
        Assert.Equal("v2 1", await client.Ask("count"));
        held.Release();
    }

    [Fact(Timeout = 60_000)]
    public async Task A_hosted_service_whose_constructor_does_not_end_is_told_and_the_next_release_is_taken()
    {
        var time = new FakeTime();
        using var held = new HeldTurn();
        await using var node = await NodeHarness.Start(V1, time);
        var client = await node.Connect();
        Assert.Equal("ok", await client.Ask("add"));

        var reloading = node.Reload(Hosting(V2, $"public Worker() => _ = {held.Block};", "Task.CompletedTask"), request => request with { ProbationSeconds = 600 });
        await held.EnteredBy(reloading);
        var report = await time.PassUntil(reloading, TimeSpan.FromSeconds(30));

        Assert.Equal(ReloadVerdict.Committed, report.Verdict);
        Assert.Equal(["The hosted services could not be made: a constructor had not ended after 30 s. The version serves without them; mend it, and deliver another release."], report.Problems);
        Assert.Equal("r000002", node.Status.Trial?.Release);
        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(V1 with { Version = "v3" })).Verdict);
        Assert.Equal("v3 1", await client.Ask("count"));
        Assert.Contains(node.Status.OldVersions, old => old is { Version: 2, State: "retiring" } && old.Holders.Any(holder => holder.Contains("hosted service that does not return from its constructor", StringComparison.Ordinal)));
        held.Release();
    }

    [Fact(Timeout = 60_000)]
    public async Task A_background_service_that_fails_when_it_has_been_started_is_told_in_the_status()
    {
        using var held = new HeldTurn();
        await using var node = await NodeHarness.Start(InBackground($"{held.Suspend} throw new InvalidOperationException(\"the queue is lost\");"));
        await held.Entered;
        Assert.Empty(node.Status.Problems);

        held.Release();
        await node.Until(status => status.Problems.Count > 0);

        Assert.Equal("The background service Worker has ended: InvalidOperationException: the queue is lost The version serves without it; mend it, and deliver another release.", Assert.Single(node.Status.Problems));
        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(V2)).Verdict);
        Assert.Empty(node.Status.Problems);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("await Task.Delay(Timeout.Infinite, stop);")]
    [InlineData("using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, version.Retired); await Task.Delay(Timeout.Infinite, either.Token);")]
    public async Task A_background_service_that_is_cancelled_by_its_stop_or_its_versions_end_has_not_failed(string loop)
    {
        using var log = new HeldLog("-");
        await using var node = new NodeHarness();
        Assert.Null(await node.StartOn(node.Releases.Write(InBackground(loop).Compile()), log));
        var failed = log.Logged("A hosted service of version 1 failed");
        var unloaded = log.Logged("Version 1 is unloaded");

        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(V2)).Verdict);
        await unloaded;

        Assert.False(failed.IsCompleted);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_background_service_that_fails_when_its_version_has_ended_is_in_the_log_and_not_in_the_status()
    {
        using var held = new HeldTurn();
        using var log = new HeldLog("-");
        await using var node = new NodeHarness();
        var service = InBackground($"try {{ await Task.Delay(Timeout.Infinite, version.Retired); }} finally {{ {held.Suspend} throw new InvalidOperationException(\"the queue is lost\"); }}", "public override Task StopAsync(CancellationToken stop) => Task.CompletedTask;");
        Assert.Null(await node.StartOn(node.Releases.Write(service.Compile()), log));
        var failed = log.Logged("A hosted service of version 1 failed");
        Assert.True(await node.Node.StopInOrder());

        held.Release();
        await failed;
        Assert.Empty(node.Status.Problems);
    }

    /// <summary>The node has started on it: there is nothing that served before.</summary>
    [Fact(Timeout = 60_000)]
    public async Task A_hosted_service_that_does_not_start_with_the_node_is_told_in_its_status()
    {
        await using var node = await NodeHarness.Start(Hosting(V1, "", "throw new InvalidOperationException(\"no database\")"));

        Assert.Contains("no database", Assert.Single(node.Status.Problems));
    }

    [Fact(Timeout = 60_000)]
    public async Task What_does_not_start_on_the_way_back_is_told_with_its_cause()
    {
        var key = $"not-started-{Guid.NewGuid():N}";
        await using var node = await NodeHarness.Start(Hosting(V1, "", $"AppContext.GetData(\"{key}\") is null ? Task.CompletedTask : throw new InvalidOperationException(\"only once\")"));
        AppContext.SetData(key, "");

        var report = await node.Reload(V2 with { CodeChange = "throw new InvalidOperationException(\"not today\");" });

        Assert.Equal(ReloadVerdict.TakenBack, report.Verdict);
        Assert.Collection(report.Problems, first => Assert.Contains("not today", first), second => Assert.StartsWith("On the way back: The hosted service Worker did not start: InvalidOperationException: only once", second));
        Assert.Contains("only once", Assert.Single(node.Status.Problems));
        AppContext.SetData(key, null);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_release_is_taken_back_when_a_port_that_it_had_bound_is_lost()
    {
        await using var node = await NodeHarness.Start(V1);
        var client = await node.Connect();
        Assert.Equal("ok", await client.Ask("add"));

        var report = await PortLost(node, V2);

        Assert.Equal((ReloadVerdict.TakenBack, true), (report.Verdict, report.Transient));
        Assert.Contains("could not listen", Assert.Single(report.Problems));
        Assert.Equal("v1 1", await client.Ask("count"));
        Assert.Equal("v1 0", await (await node.Connect()).Ask("count"));
        Assert.Equal(["lines"], node.Status.Listeners.Select(l => l.Name));
        Assert.Empty(node.Status.Problems);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_port_that_is_lost_is_told_in_report_and_status_when_there_is_no_way_back_without_loss()
    {
        await using var node = await NodeHarness.Start(V1);
        var client = await node.Connect();
        Assert.Equal("ok", await client.Ask("add"));
        var lossy = V2 with { State = "public sealed record ConnState(int Count, string Note = \"\");" };

        var report = await PortLost(node, lossy);

        Assert.Equal((ReloadVerdict.Committed, "lossy"), (report.Verdict, report.Reversible));
        Assert.Contains(report.Problems, problem => problem.Contains("could not listen", StringComparison.Ordinal));
        Assert.Contains("could not listen", Assert.Single(node.Status.Problems));
        Assert.Equal("v2 1", await client.Ask("count"));
        Assert.Equal("v2 0", await (await node.Connect()).Ask("count"));
    }

    /// <summary>Somebody else, who had bound the port as well, listens there just before the commit.</summary>
    private static async Task<ReloadReport> PortLost(NodeHarness node, CountingService service)
    {
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        other.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var prepared = await PreparedAndHeld.Begin(node, service with
        {
            Configure = $"service.Listen(\"more\", \"{other.LocalEndPoint}\").Lines(4096).Accept<Conn, ConnState, ConnMessage>(_ => new ConnState(0));",
        });
        other.Listen();
        return await prepared.Commit();
    }

    private static CountingService InBackground(string loop, string members = "") => V1 with
    {
        More = $$"""
            public sealed class Worker(IServiceVersion version) : Microsoft.Extensions.Hosting.BackgroundService
            {
                public int Version => version.Number;
                {{members}}
                protected override async Task ExecuteAsync(CancellationToken stop) { await Task.Yield(); {{loop}} }
            }
            """,
        Configure = "Microsoft.Extensions.DependencyInjection.ServiceCollectionHostedServiceExtensions.AddHostedService<Worker>(service.Services);",
    };

    private static CountingService Hosting(CountingService service, string members, string start) => service with
    {
        More = $$"""
            public sealed class Worker : Microsoft.Extensions.Hosting.IHostedService
            {
                {{members}}
                public Task StartAsync(CancellationToken stop) => {{start}};
                public Task StopAsync(CancellationToken stop) => Task.CompletedTask;
            }
            """,
        Configure = "Microsoft.Extensions.DependencyInjection.ServiceCollectionHostedServiceExtensions.AddHostedService<Worker>(service.Services);",
    };
}
