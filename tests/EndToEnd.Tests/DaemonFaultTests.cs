using WatchReload.EndToEnd.Tests.Support;

namespace WatchReload.EndToEnd.Tests;

/// <summary>The daemon is killed in every phase of a deploy: no connection notices, and the next daemon brings what was pushed.</summary>
public sealed class DaemonFaultTests(FaultBench bench) : IClassFixture<FaultBench>
{
    [Theory(Timeout = 300_000)]
    [InlineData("staging")]
    public async Task Node_serves_one_version_and_the_next_daemon_deploys_when_the_daemon_is_killed(string phase)
    {
        await bench.Begin();
        using var pause = await bench.PauseAt(phase);
        var text = await bench.Commit();
        var pull = bench.Checkout.Start("pull");
        await pause.Reached();

        await bench.Daemon.Crash();

        pause.Dispose();
        Assert.Equal(6, await pull.Exit());
        await bench.Whole();
        await bench.Run();
        await bench.Deploys(text);
    }
}
