using System.Text.Json;
using WatchReload.Daemon.Cli;
using WatchReload.Daemon.Tests.Resident;

namespace WatchReload.Daemon.Tests.Cli;

/// <summary>A push, or a hand, has broken watch.json while a node runs: it must still be found, looked at and stopped.</summary>
public sealed class BrokenConfigurationTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public BrokenConfigurationTests() => _scratch.Configure();

    public void Dispose() => _scratch.Dispose();

    [Theory(Timeout = 60_000)]
    [InlineData("""{ "project": "Service.csproj", "nods": 1 }""", "watch.json(1,32): \"nods\" is not a setting.")]
    [InlineData("""{ "project": "Gone.csproj" }""", "project does not exist")]
    [InlineData("""{ "project": "Service.csproj", "nodes": [{ "name": "main", "x": 1 }] }""", "\"x\" is not a setting of nodes[0].")]
    [InlineData("{ <<<<<<< HEAD", "This is not JSON")]
    [InlineData(null, "There is no watch.json here")]
    public async Task Verbs_that_need_the_state_alone_warn_and_work(string? watchJson, string warning)
    {
        await using var node = await FakeNode.Start(_scratch.State);
        Break(watchJson);

        foreach (var verb in new[] { "status", "releases", "history", "freeze", "unfreeze" })
        {
            var run = await CommandRun.In(_scratch.Root, verb, "--json");
            Assert.Equal((verb, 0), (verb, run.ExitCode));
            Assert.Contains(warning, run.Error);
            Assert.All(run.Lines, line => JsonDocument.Parse(line));
        }

        Assert.Equal(6, (await CommandRun.In(_scratch.Root, "attach")).ExitCode);
        Assert.Equal(2, (await CommandRun.In(_scratch.Root, "reload")).ExitCode);
        Assert.Equal(2, (await CommandRun.In(_scratch.Root, "run")).ExitCode);
    }

    [Fact(Timeout = 60_000)]
    public async Task Nodes_that_run_are_found_when_watch_json_no_longer_names_them()
    {
        await using var one = await FakeNode.Start(_scratch.State, "one");
        await using var two = await FakeNode.Start(_scratch.State, "two");
        Break("""{ "project": "Service.csproj", "nods": [{ "name": "one" }, { "name": "two" }] }""");

        var all = await CommandRun.In(_scratch.Root, "status", "--json");
        var second = await CommandRun.In(_scratch.Root, "status", "--json", "--node", "two");

        Assert.Equal(["one", "two"], all.Lines.Select(Node));
        Assert.Equal("two", Node(Assert.Single(second.Lines)));

        static string? Node(string line) => JsonDocument.Parse(line).RootElement.GetProperty("node").GetString();
    }

    [Theory(Timeout = 60_000)]
    [InlineData("build", false, false)]
    [InlineData("build", true, false)]
    [InlineData("reload", false, false)]
    [InlineData("pull", false, false)]
    [InlineData("reload", true, true)]
    [InlineData("status", false, true)]
    public async Task That_it_goes_on_is_told_only_where_it_does(string verb, bool resident, bool goesOn)
    {
        using var stop = new StopSignal(TimeProvider.System);
        await using var node = await FakeNode.Start(_scratch.State);
        await using var daemon = resident ? await RunningDaemon.In(_scratch.Root, stop) : null;
        await CommandRun.In(_scratch.Root, "freeze"); // nothing is built for this
        Break("""{ "project": "Service.csproj", "nods": 1 }""");

        var run = await CommandRun.In(_scratch.Root, verb);

        Assert.Contains("\"nods\" is not a setting", run.Error);
        Assert.Equal(goesOn, run.Error.Contains("goes on with what can be read", StringComparison.Ordinal));
    }

    [Fact(Timeout = 60_000)]
    public async Task Rollback_brings_back_the_release_before()
    {
        var old = await StagedRelease.Stage(_scratch, "one");
        var now = await StagedRelease.Stage(_scratch, "two");
        await using var node = await FakeNode.Start(_scratch.State);
        node.Status = node.Status with { Release = now.Id };
        Break("""{ "project": "Gone.csproj", "nods": 1 }""");

        Assert.Equal(0, (await CommandRun.In(_scratch.Root, "rollback")).ExitCode);
        Assert.Equal(old.Id, Assert.Single(node.Requests).Request.Release);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_is_built_for_who_wants_a_release_whoever_could(bool resident)
    {
        using var stop = new StopSignal(TimeProvider.System);
        await using var daemon = resident ? await RunningDaemon.In(_scratch.Root, stop) : null;
        Break("""{ "project": "Service.csproj", "nods": 1 }""");

        var run = await CommandRun.In(_scratch.Root, "build", "--json", "--output", "image");

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains("\"nods\" is not a setting", run.Error);
        Assert.Contains("every setting must be right", run.Error);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("""{ "project": "Service.csproj", "state": 5 }""")] // said, and nobody knows what
    [InlineData("""{ "project": "Service.csproj", "state": "", "releases": { "keep": 3 } }""")]
    public async Task Refused_when_the_place_of_the_state_cannot_be_known(string watchJson)
    {
        await using var node = await FakeNode.Start(_scratch.State);
        Break(watchJson);

        Assert.Equal(2, (await CommandRun.In(_scratch.Root, "status")).ExitCode);
        Assert.Equal(0, (await CommandRun.In(_scratch.Root, "status", "--state", _scratch.State.Root)).ExitCode);
    }

    [Fact(Timeout = 60_000)]
    public async Task Refused_when_nothing_can_be_read_and_no_state_is_there()
    {
        Break("{");
        Directory.Delete(_scratch.State.Root, recursive: true);

        Assert.Equal(2, (await CommandRun.In(_scratch.Root, "status")).ExitCode);
        Assert.Equal(2, (await CommandRun.In(_scratch.Root, "freeze")).ExitCode);
    }

    private void Break(string? watchJson)
    {
        if (watchJson is null)
            File.Delete(Path.Combine(_scratch.Root, "watch.json"));
        else
            _scratch.Write("watch.json", watchJson);
    }
}
