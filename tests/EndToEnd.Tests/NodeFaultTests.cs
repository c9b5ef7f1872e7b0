using WatchReload.EndToEnd.Tests.Support;

namespace WatchReload.EndToEnd.Tests;

/// <summary>The node is killed in every phase of a deploy: its connections end, and one version that is known to work serves again.</summary>
[Collection(nameof(FaultBench))]
public sealed class NodeFaultTests(FaultBench bench)
{
    private const string Nowhere = "r999999\n";

    public static TheoryData<string> Phases => FaultCases.Of(["gate"], ["staging", "before-trial", "delivered", "building", "loaded", "prepared", "after-trial", "committed"]);

    public static TheoryData<string> Damages => FaultCases.Of(["changed"], ["missing"]);

    [Theory(Timeout = 300_000)]
    [MemberData(nameof(Phases))]
    public async Task Another_process_serves_one_version_and_the_next_deploy_works_when_the_node_is_killed(string phase)
    {
        await bench.Begin();
        var (_, before, pull) = await bench.HoldPull(phase, bench.KillNode);

        await pull.Exit();
        await bench.Revived(before);
        await bench.Whole();
        await bench.NextDeployWorks();
    }

    [Theory(Timeout = 300_000)]
    [InlineData("current")]
    [InlineData("trial")]
    public async Task Node_starts_on_what_is_there_when_a_pointer_points_nowhere(string pointer)
    {
        await bench.Begin();
        await bench.NextDeployWorks();
        var before = await bench.Status();
        var path = pointer == "trial" ? bench.State.Trial("main") : bench.State.Current("main");
        var was = File.Exists(path) ? await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken) : null;
        await File.WriteAllTextAsync(path, Nowhere, TestContext.Current.CancellationToken);

        await bench.KillNode(before);

        await bench.Revived(before);
        await bench.Whole();
        await bench.NextDeployWorks();

        // The node writes it when a trial has passed, which no test here waits for.
        // What it named before nothing has named meanwhile, so that it may be pruned.
        if (was is not null && await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken) == Nowhere)
            await File.WriteAllTextAsync(path, Directory.Exists(bench.State.Release(was.Trim())) ? was : (await bench.Status()).Release, TestContext.Current.CancellationToken);
    }

    [Theory(Timeout = 300_000)]
    [MemberData(nameof(Damages))]
    public async Task Node_starts_on_another_release_when_a_file_of_its_own_is_missing_or_changed(string damage)
    {
        await bench.Begin();
        await bench.NextDeployWorks();
        await bench.NextDeployWorks();
        var before = await bench.Status();
        using var damaged = bench.Damage(await bench.Current(), damage == "missing");

        await bench.KillNode(before);

        await bench.Revived(before);
        await bench.Whole();
        await bench.NextDeployWorks();
    }
}
