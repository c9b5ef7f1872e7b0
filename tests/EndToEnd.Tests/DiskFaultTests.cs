using WatchReload.EndToEnd.Tests.Support;

namespace WatchReload.EndToEnd.Tests;

/// <summary>What is on the disk is damaged, or nothing can be written to it: the service goes on, and deploys go on when that has passed.</summary>
[Collection(nameof(FaultBench))]
public sealed class DiskFaultTests(FaultBench bench)
{
    public static TheoryData<string> Phases => FaultCases.Of(["staging"], ["prepared", "fetched", "building", "before-release"]);

    public static TheoryData<string> Damages => FaultCases.Of(["missing"], ["changed"]);

    private const string NoDisk = "A file system of its own for the state directory needs root on Linux and the right to mount.";

    [Theory(Timeout = 300_000)]
    [MemberData(nameof(Phases))]
    public async Task Same_commit_is_deployed_when_the_disk_was_full_and_is_so_no_longer(string phase)
    {
        Assert.SkipWhen(bench.Disk is null, NoDisk);
        await bench.Begin();
        var (text, _, pull) = await bench.HoldPull(phase, _ =>
        {
            bench.Disk.Fill();
            return Task.CompletedTask;
        });

        await pull.Exit();
        await bench.Traffic.Agree("/version");

        bench.Disk.Free();
        await bench.Whole();
        await bench.Deploys(text);
    }

    [Fact(Timeout = 300_000)]
    public async Task Same_commit_is_deployed_when_the_state_was_read_only_and_is_so_no_longer()
    {
        Assert.SkipWhen(bench.Disk is null, NoDisk);
        await bench.Begin();
        var before = await bench.Status();
        var text = await bench.Commit();
        await bench.Disk.Protect();

        Assert.NotEqual(0, (await bench.Checkout.Run("pull")).ExitCode);

        Assert.Equal(before.Version, (await bench.Whole()).Version);
        await bench.Disk.Unprotect();
        await bench.Deploys(text);
    }

    [Theory(Timeout = 300_000)]
    [MemberData(nameof(Damages))]
    public async Task Same_commit_is_deployed_as_another_release_when_a_file_of_the_first_is_missing_or_changed(string damage)
    {
        await bench.Begin();
        var before = await bench.Status();
        var text = await bench.Commit();
        using var pause = await bench.PauseAt("delivering");
        var pull = bench.Checkout.Start("pull");
        await pause.Reached();
        using var damaged = bench.Damage(bench.NewestRelease(), damage == "missing");

        pause.Dispose();

        Assert.Equal(4, await pull.Exit());
        Assert.Equal(before.Version, (await bench.Whole()).Version);
        await bench.Deploys(text);
    }
}
