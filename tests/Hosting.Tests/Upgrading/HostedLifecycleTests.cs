using WatchReload.Control;

namespace WatchReload.Hosting.Tests.Upgrading;

/// <summary>What a hosted service is told before and after all are started and stopped, in the order of any .NET host.</summary>
public sealed class HostedLifecycleTests : IDisposable
{
    private readonly ToldSteps _steps = new();

    [Fact(Timeout = 60_000)]
    public async Task Those_that_want_it_are_told_before_and_after_all_are_started_and_stopped()
    {
        await using var node = await NodeHarness.Start(Service("v1"));
        Assert.Equal(["v1 told StartingAsync", "v1 plain StartAsync", "v1 told StartAsync", "v1 last StartAsync", "v1 told StartedAsync"], _steps.Take());

        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(Service("v2"))).Verdict);
        Assert.Equal(
            [
                "v1 told StoppingAsync", "v1 last StopAsync", "v1 told StopAsync", "v1 plain StopAsync", "v1 told StoppedAsync",
                "v2 told StartingAsync", "v2 plain StartAsync", "v2 told StartAsync", "v2 last StartAsync", "v2 told StartedAsync",
            ],
            _steps.Take());

        Assert.True(await node.Node.StopInOrder());
        Assert.Equal(["v2 told StoppingAsync", "v2 last StopAsync", "v2 told StopAsync", "v2 plain StopAsync", "v2 told StoppedAsync"], _steps.Take());
    }

    [Theory(Timeout = 60_000)]
    [InlineData("StartingAsync", "The hosted service Told did not start: InvalidOperationException: no database The version serves without it; mend it, and deliver another release.")]
    [InlineData("StartedAsync", "The hosted service Told has started, and its StartedAsync failed: InvalidOperationException: no database The version serves with it; mend it, and deliver another release.")]
    public async Task One_that_fails_there_is_told_and_the_others_are_started(string step, string problem)
    {
        await using var node = await NodeHarness.Start(new CountingService());

        var report = await node.Reload(Service("v2", step));

        Assert.Equal(ReloadVerdict.Committed, report.Verdict);
        Assert.Equal(problem, Assert.Single(report.Problems));
        Assert.Equal(report.Problems, node.Status.Problems);
        Assert.Equal(step == "StartedAsync", _steps.Take() is var steps && steps.Contains("v2 told StartAsync"));
        Assert.Contains("v2 last StartAsync", steps);
    }

    [Fact(Timeout = 60_000)]
    public async Task One_that_does_not_return_is_told_and_named_when_the_version_is_replaced()
    {
        var time = new FakeTime();
        using var held = new HeldTurn();
        await using var node = await NodeHarness.Start(new CountingService(), time);
        var since = time.GetUtcNow();
        var reloading = node.Reload(Service("v2", starting: held.Suspend), request => request with { ProbationSeconds = 600 });
        await held.EnteredBy(reloading);

        await time.Armed(TimeSpan.FromSeconds(31));
        time.Advance(TimeSpan.FromSeconds(31));
        var report = await reloading;

        Assert.Equal(["The hosted service Told did not start: its StartingAsync had not ended after 30 s. The version serves without it; mend it, and deliver another release."], report.Problems);
        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(new CountingService { Version = "v3" })).Verdict);
        Assert.Contains($"hosted service that does not return from the StartingAsync of Told, asked since {since:O}", node.Status.OldVersions.Single(old => old.Version == 2).Holders);
        held.Release();
    }

    public void Dispose() => _steps.Dispose();

    /// <param name="version">Its name.</param>
    /// <param name="failing">The step of the second one that fails.</param>
    /// <param name="starting">Statements of its <c>StartingAsync</c>.</param>
    private CountingService Service(string version, string failing = "", string starting = "") => new()
    {
        Version = version,
        Configure = string.Concat(new[] { "Plain", "Told", "Last" }.Select(name => $"Microsoft.Extensions.DependencyInjection.ServiceCollectionHostedServiceExtensions.AddHostedService<{name}>(service.Services);")),
        More = $$"""
            public sealed class Plain : Microsoft.Extensions.Hosting.IHostedService { {{Step(version, "plain", "StartAsync")}} {{Step(version, "plain", "StopAsync")}} }
            public sealed class Last : Microsoft.Extensions.Hosting.IHostedService { {{Step(version, "last", "StartAsync")}} {{Step(version, "last", "StopAsync")}} }
            public sealed class Told : Microsoft.Extensions.Hosting.IHostedLifecycleService
            {
                {{Step(version, "told", "StartingAsync", failing, starting)}} {{Step(version, "told", "StartAsync", failing)}} {{Step(version, "told", "StartedAsync", failing)}}
                {{Step(version, "told", "StoppingAsync")}} {{Step(version, "told", "StopAsync")}} {{Step(version, "told", "StoppedAsync")}}
            }
            """,
    };

    private string Step(string version, string name, string step, string failing = "", string more = "") =>
        $"public async Task {step}(CancellationToken stop) {{ {_steps.Tell($"\"{version} {name} {step}\"")} await Task.Yield(); {more} {(step == failing ? "throw new InvalidOperationException(\"no database\");" : "")} }}";
}
