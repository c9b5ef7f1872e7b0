using WatchReload.Control;

namespace WatchReload.Hosting.Tests.Upgrading;

/// <summary>Two hosted services a version, which tell what is done with them.</summary>
public sealed class HostedOrderTests : IDisposable
{
    private readonly ToldSteps _steps = new();

    [Fact(Timeout = 60_000)]
    public async Task Old_hosted_services_are_stopped_after_the_code_change_and_then_new_ones_are_made_and_started()
    {
        await using var node = await NodeHarness.Start(Service("v1"));
        Assert.Equal(["v1 first made", "v1 second made", "v1 first starts", "v1 first started", "v1 second starts", "v1 second started"], _steps.Take());
        await Connected(node);

        var report = await node.Reload(Service("v2"));

        Assert.Equal(ReloadVerdict.Committed, report.Verdict);
        Assert.Equal(
            [
                "v2 turn", "v2 code change",
                "v1 second stops", "v1 second stopped", "v1 first stops", "v1 first stopped",
                "v2 first made", "v2 second made", "v2 first starts", "v2 first started", "v2 second starts", "v2 second started",
            ],
            _steps.Take());
    }

    [Fact(Timeout = 60_000)]
    public async Task New_hosted_services_wait_for_an_old_one_that_takes_its_time_to_stop()
    {
        using var stop = new HeldTurn();
        await using var node = await NodeHarness.Start(Service("v1", stopping: stop.Suspend));
        var client = await Connected(node);
        _steps.Take();

        var reloading = node.Reload(Service("v2"));
        await stop.EnteredBy(reloading);

        // The new version serves meanwhile.
        Assert.Equal("v2 1", await client.Ask("count"));
        Assert.Equal(["v2 turn", "v2 code change", "v1 second stops"], _steps.Take());
        stop.Release();
        Assert.Equal(ReloadVerdict.Committed, (await reloading).Verdict);
        Assert.Equal(
            [
                "v1 second stopped", "v1 first stops", "v1 first stopped",
                "v2 first made", "v2 second made", "v2 first starts", "v2 first started", "v2 second starts", "v2 second started",
            ],
            _steps.Take());
    }

    [Theory(Timeout = 60_000)]
    [InlineData("throw new InvalidOperationException(\"no\");", "")]
    [InlineData("", "throw new InvalidOperationException(\"no\")")]
    public async Task Hosted_services_go_on_and_no_others_are_made_when_the_reload_is_refused(string configure, string upgrade)
    {
        await using var node = await NodeHarness.Start(Service("v1"));
        await Connected(node);
        _steps.Take();
        var refused = Service("v2");
        refused = refused with { Configure = refused.Configure + configure };
        if (upgrade.Length > 0) refused = Upgrading(refused, upgrade);

        Assert.Equal(ReloadVerdict.Refused, (await node.Reload(refused)).Verdict);
        Assert.Empty(_steps.Take());

        // It is the old version's that the next one stops.
        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(Service("v3"))).Verdict);
        Assert.Equal(["v3 turn", "v3 code change", "v1 second stops"], _steps.Take().Take(3));
    }

    [Fact(Timeout = 60_000)]
    public async Task Hosted_services_of_a_version_that_is_taken_back_are_not_made_and_those_before_are_started_anew()
    {
        await using var node = await NodeHarness.Start(Service("v1"));
        await Connected(node);
        _steps.Take();

        var failing = Service("v2");
        var report = await node.Reload(failing with { CodeChange = failing.CodeChange + "throw new InvalidOperationException(\"not today\");" });

        Assert.Equal(ReloadVerdict.TakenBack, report.Verdict);
        Assert.Equal(
            [
                "v2 turn", "v2 code change",
                "v1 second stops", "v1 second stopped", "v1 first stops", "v1 first stopped",
                "v1 turn", "v1 code change",
                "v1 first made", "v1 second made", "v1 first starts", "v1 first started", "v1 second starts", "v1 second started",
            ],
            _steps.Take());
    }

    /// <summary>The container would make another one to be stopped.</summary>
    [Fact(Timeout = 60_000)]
    public async Task The_objects_that_were_started_are_those_that_are_stopped_when_they_are_transient()
    {
        var service = new CountingService
        {
            Configure = "Microsoft.Extensions.DependencyInjection.ServiceCollectionServiceExtensions.AddTransient<Microsoft.Extensions.Hosting.IHostedService, Host>(service.Services);",
            More = $$"""
                public sealed class Host : Microsoft.Extensions.Hosting.IHostedService
                {
                    private static int made;
                    private readonly int number = ++made;
                    public Task StartAsync(CancellationToken stop) { {{_steps.Tell("$\"{number} starts\"")}} return Task.CompletedTask; }
                    public Task StopAsync(CancellationToken stop) { {{_steps.Tell("$\"{number} stops\"")}} return Task.CompletedTask; }
                }
                """,
        };
        await using var node = await NodeHarness.Start(service);

        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(service with { Version = "v2" })).Verdict);
        Assert.True(await node.Node.StopInOrder());

        Assert.Equal(["1 starts", "1 stops", "1 starts", "1 stops"], _steps.Take());
    }

    /// <summary>As a host does: what is asked to stop has started, or failed to.</summary>
    [Fact(Timeout = 60_000)]
    public async Task A_start_that_is_under_way_is_cancelled_and_waited_for_and_none_follows_when_the_node_stops()
    {
        var time = new FakeTime();
        using var held = new HeldTurn();
        await using var node = await NodeHarness.Start(new CountingService(), time);
        var reloading = node.Reload(Service("v2", starting: $"{held.Suspend} try {{ await Task.Delay(-1, stop); }} catch (OperationCanceledException) {{ {_steps.Tell("\"v2 first cut\"")} }}"));
        await held.EnteredBy(reloading);
        held.Release();

        var stopping = node.Node.StopInOrder();
        await time.Armed(NodeHarness.DrainDeadline / 4);
        time.Advance(NodeHarness.DrainDeadline / 4);
        await stopping;
        await reloading;

        Assert.Equal(["v2 first starts", "v2 first cut", "v2 first started", "v2 first stops", "v2 first stopped"], Of("v2"));
    }

    [Fact(Timeout = 60_000)]
    public async Task None_is_started_any_more_when_the_node_has_stopped_them_meanwhile()
    {
        var time = new FakeTime();
        using var held = new HeldTurn();
        await using var node = await NodeHarness.Start(new CountingService(), time);
        var reloading = node.Reload(Service("v2", starting: held.Suspend));
        await held.EnteredBy(reloading);

        var stopping = node.Node.StopInOrder();
        await time.Armed(NodeHarness.DrainDeadline / 4);
        time.Advance(NodeHarness.DrainDeadline / 4);
        var rest = (NodeHarness.DrainDeadline / 4 * 3) + TimeSpan.FromSeconds(1);
        await time.Armed(rest);
        Assert.False(stopping.IsCompleted);
        time.Advance(rest); // it ignores that it is to end
        await stopping;
        held.Release();
        await reloading;

        Assert.DoesNotContain("v2 second starts", Of("v2"));
    }

    /// <summary>Else what they write at their end is cut off with the process.</summary>
    [Fact(Timeout = 60_000)]
    public async Task A_stop_that_a_reload_has_under_way_is_waited_for_when_the_node_stops()
    {
        var time = new FakeTime();
        using var held = new HeldTurn();
        await using var node = await NodeHarness.Start(Service("v1", stopping: held.Suspend), time);
        var reloading = node.Reload(Service("v2"));
        await held.EnteredBy(reloading);
        _steps.Take();

        var stopping = node.Node.StopInOrder();
        await time.Armed(NodeHarness.DrainDeadline / 4);
        var rest = time.ArmedAnew(NodeHarness.DrainDeadline / 4 * 3);
        time.Advance(NodeHarness.DrainDeadline / 4);
        await rest;
        Assert.False(stopping.IsCompleted);
        held.Release();
        await stopping;

        Assert.Equal(["v1 second stopped", "v1 first stops", "v1 first stopped"], _steps.Take().Take(3));
        await reloading;
        Assert.DoesNotContain(_steps.Take(), step => step.StartsWith("v1", StringComparison.Ordinal) || step.EndsWith("starts", StringComparison.Ordinal));
    }

    [Fact(Timeout = 60_000)]
    public async Task None_is_started_when_the_node_has_stopped_while_they_were_made()
    {
        var time = new FakeTime();
        using var held = new HeldTurn();
        await using var node = await NodeHarness.Start(new CountingService(), time);
        var reloading = node.Reload(Service("v2", making: $"_ = {held.Block};"));
        await held.EnteredBy(reloading);

        var stopping = node.Node.StopInOrder();
        await time.Armed(NodeHarness.DrainDeadline / 4);
        time.Advance(NodeHarness.DrainDeadline / 4);
        await stopping;
        held.Release();
        await reloading;

        Assert.Equal(["v2 first made", "v2 second made"], _steps.Take().Where(step => !step.EndsWith("code change", StringComparison.Ordinal)));
    }

    public void Dispose() => _steps.Dispose();

    /// <summary>What hosted services of a version were asked to do, and did.</summary>
    private IEnumerable<string> Of(string version) => _steps.Take().Where(step => step.StartsWith(version, StringComparison.Ordinal) && !step.EndsWith("code change", StringComparison.Ordinal) && !step.EndsWith("made", StringComparison.Ordinal));

    /// <summary>With an actor that changes over.</summary>
    private static async Task<LineClient> Connected(NodeHarness node)
    {
        var client = await node.Connect();
        Assert.Equal("ok", await client.Ask("add"));
        return client;
    }

    private static CountingService Upgrading(CountingService service, string upgrade) => service with
    {
        State = $$"""
            public sealed record ConnStateV1(int Count);
            public sealed record ConnState(int Count, int Added) : IUpgrade<ConnStateV1, ConnState> { public static ConnState Upgrade(ConnStateV1 old) => {{upgrade}}; }
            """,
        First = "new ConnState(0, 0)",
    };

    /// <param name="stopping">Statements of the hosted service that is stopped first.</param>
    /// <param name="starting">Statements of the one that is started first.</param>
    /// <param name="making">Statements of its constructor.</param>
    private CountingService Service(string version, string stopping = "", string starting = "", string making = "") => new()
    {
        Version = version,
        Configure = string.Concat(new[] { "First", "Second" }.Select(name => $"Microsoft.Extensions.DependencyInjection.ServiceCollectionHostedServiceExtensions.AddHostedService<{name}>(service.Services);")),
        CodeChange = _steps.Tell($"\"{version} code change\""),
        Members = $$"""public override ValueTask<ConnState> Started(ConnState s, StartReason why, Context self) { if (why == StartReason.CodeChanged) {{_steps.Tell($"\"{version} turn\"")}} return new(s); }""",
        More = Hosted(version, "First", starting: starting, making: making) + Hosted(version, "Second", stopping),
    };

    private string Hosted(string version, string name, string stopping = "", string starting = "", string making = "")
    {
        string Tell(string step) => _steps.Tell($"\"{version} {name.ToLowerInvariant()} {step}\"");
        return $$"""
            public sealed class {{name}} : Microsoft.Extensions.Hosting.IHostedService
            {
                public {{name}}() { {{making}} {{Tell("made")}} }
                public async Task StartAsync(CancellationToken stop) { {{Tell("starts")}} await Task.Yield(); {{starting}} {{Tell("started")}} }
                public async Task StopAsync(CancellationToken stop) { {{Tell("stops")}} await Task.Yield(); {{stopping}} {{Tell("stopped")}} }
            }
            """;
    }
}
