using WatchReload.EndToEnd.Tests.Support;

namespace WatchReload.EndToEnd.Tests;

/// <summary>Daemon and builder are killed in every phase of a deploy: no connection notices, and what was pushed is brought by the next attempt.</summary>
[Collection(nameof(FaultBench))]
public sealed class DaemonFaultTests(FaultBench bench)
{
    public static TheoryData<string> BeforeTheNode => FaultCases.Of(["staging"], ["building", "after-release", "fetched", "before-release", "delivering"]);

    public static TheoryData<string> InTheNode => FaultCases.Of(["gate"], ["committed", "loaded", "prepared", "before-trial", "delivered"]);

    public static TheoryData<string> OfTheBuilder => FaultCases.Of(["building"], ["staging"]);

    [Theory(Timeout = 300_000)]
    [MemberData(nameof(BeforeTheNode))]
    public async Task Code_from_before_serves_and_the_next_daemon_deploys_when_the_daemon_is_killed(string phase)
    {
        await bench.Begin();
        var (text, before, pull) = await bench.HoldPull(phase, _ => bench.Daemon.Crash());

        Assert.Equal(6, await pull.Exit());
        Assert.Equal(before.Version, (await bench.Whole()).Version);
        await bench.Run();
        await bench.Deploys(text);
    }

    [Theory(Timeout = 300_000)]
    [MemberData(nameof(InTheNode))]
    public async Task Node_goes_on_with_what_it_was_handed_when_the_daemon_is_killed(string phase)
    {
        await bench.Begin();
        var (text, before, pull) = await bench.HoldPull(phase, _ => bench.Daemon.Crash());

        Assert.Equal(6, await pull.Exit());
        await bench.Until(s => s.Version == before.Version + 1, "the node to go on");
        await bench.Whole();
        await bench.Run();
        await bench.Deploys(text);
    }

    [Theory(Timeout = 300_000)]
    [MemberData(nameof(OfTheBuilder))]
    public async Task Deploy_goes_through_with_another_builder_when_the_builder_is_killed(string phase)
    {
        await bench.Begin();
        var (text, _, pull) = await bench.HoldPull(phase, _ =>
        {
            Processes.Crash(bench.Builder().Pid);
            return Task.CompletedTask;
        });

        Assert.Equal(0, await pull.Exit());
        await bench.Whole();
        await bench.Deploys(text);
    }

    [Fact(Timeout = 300_000)]
    public async Task Second_daemon_is_told_of_the_first_and_changes_nothing()
    {
        await bench.Begin();
        var before = await bench.Status();

        var second = await bench.Checkout.Run("run");

        Assert.Equal(2, second.ExitCode);
        Assert.Contains($"pid {bench.Daemon.Pid}", second.ErrorText, StringComparison.Ordinal);
        Assert.Equal(before.Version, (await bench.Whole()).Version);
        await bench.NextDeployWorks();
    }

    [Fact(Timeout = 300_000)]
    public async Task Newest_serves_and_every_pusher_is_told_when_twenty_push_at_once()
    {
        const int Pushes = 20;
        await bench.Begin();
        var before = await bench.Status();

        var told = await bench.PushAtOnce(Pushes);

        Assert.All(told, lines => Assert.Contains("version", lines, StringComparison.Ordinal));
        var after = await bench.Whole();
        Assert.Equal(await bench.Accepted(), after.Commit);
        Assert.InRange(after.Version - before.Version, 1, Pushes);
        await bench.NextDeployWorks();
    }

    [Fact(Timeout = 300_000)]
    public async Task Deploys_work_when_the_files_are_of_tomorrow_as_after_a_clock_that_was_set_back()
    {
        await bench.Begin();
        var tomorrow = DateTime.UtcNow.AddDays(1);
        foreach (var file in new[] { bench.Checkout.Root, bench.State.Root }.SelectMany(d => Directory.EnumerateFiles(d, "*", SearchOption.AllDirectories)).Where(f => new FileInfo(f).LinkTarget is null).Distinct())
            File.SetLastWriteTimeUtc(file, tomorrow);

        await bench.Renew();

        await bench.NextDeployWorks();
        await bench.NextDeployWorks();
    }

    [Fact(Timeout = 300_000)]
    public async Task Reload_that_was_committed_is_told_as_that_when_the_pipe_is_cut_in_the_middle()
    {
        await bench.Begin();
        using var proxy = new PipeProxy(bench.State.Socket("main"));
        await bench.Renew();
        var (text, _, pull) = await bench.HoldPull("prepared", _ =>
        {
            proxy.Cut();
            return Task.CompletedTask;
        });

        Assert.Equal(0, await pull.Exit());
        var committed = Assert.Single(pull.Events.All, e => e.Name == "reload.committed");
        Assert.Contains(committed.Texts("warnings"), w => w.Contains("connection was lost", StringComparison.Ordinal));
        Assert.Equal($"version {text}", await bench.Traffic.Agree("/version"));
        await bench.Whole();
        await bench.NextDeployWorks();
    }
}
