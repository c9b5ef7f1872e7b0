using System.Globalization;
using WatchReload.Bench.Load;
using WatchReload.Bench.Peers;
using WatchReload.Bench.Processes;
using WatchReload.Bench.Results;
using WatchReload.Bench.Statistics;

namespace WatchReload.Bench.Cases;

/// <summary>Steady state: how many pings a second are answered, and what one costs the server, beside a bare Kestrel handler and Erlang.</summary>
internal sealed class Echo : ICase
{
    private const int Connections = 64;
    private static readonly int[] Depths = [1, 16];
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan For = TimeSpan.FromSeconds(3);

    public string Name => "echo";

    public string Summary => $"{Connections} connections, closed loop: replies a second, processor time a reply";

    public async Task Run(BenchOptions options, Recorder recorder)
    {
        using var workplace = new Workplace();
        await using var ours = new WatchReloadRun(workplace, bulkFiles: 0);
        await using var forGood = new WatchReloadRun(workplace, bulkFiles: 0, forGood: true);
        await using var kestrel = new KestrelPeer(workplace);
        await using var erlang = new ErlangPeer(workplace);
        var all = new List<(string Name, int Pid, LoadProcess Load)>();
        try
        {
            await ours.Start();
            all.Add((PeerNames.WatchReload, ours.NodePid, await LoadProcess.Connect(workplace, ours.Endpoint, Connections)));
            await forGood.Start();
            all.Add((PeerNames.WatchReloadForGood, forGood.NodePid, await LoadProcess.Connect(workplace, forGood.Endpoint, Connections)));
            await kestrel.Start();
            all.Add((kestrel.Name, kestrel.Pid, await LoadProcess.Connect(workplace, kestrel.Endpoint, Connections)));
            await erlang.Start();
            all.Add((erlang.Name, erlang.Pid, await LoadProcess.Connect(workplace, erlang.Endpoint, Connections)));
            foreach (var depth in Depths)
            {
                foreach (var server in all) await Measure(server, depth, WarmUp, null);
                for (var run = 0; run < options.Runs; run++)
                {
                    foreach (var server in Alternation.Turn(all, run)) await Measure(server, depth, For, recorder);
                }
            }
        }
        finally
        {
            foreach (var server in all) await server.Load.DisposeAsync();
        }

        recorder.Note("Client and server share the processors: replies a second tell what both need together, processor time a reply what the server needs (to a hundredth of a second in three).");
        recorder.Note("WatchReload runs as in production: `watchreload run`, a Release build. The same build by `watch`, whose versions are loaded for good, tells what being collectible costs: there the runtime counts calls, and compiles once more with what it has learnt.");
    }

    private static async Task Measure((string Name, int Pid, LoadProcess Load) server, int depth, TimeSpan time, Recorder? recorder)
    {
        await server.Load.Pump(depth);
        var (before, cpuBefore, from) = ((await server.Load.Counts()).Replies, ProcStat.CpuSeconds(server.Pid), Clock.Now);
        await Task.Delay(time);
        var (after, cpuAfter, to) = ((await server.Load.Counts()).Replies, ProcStat.CpuSeconds(server.Pid), Clock.Now);
        var end = await server.Load.Quiesce();
        await server.Load.Forget();
        if (recorder is null) return;
        var replies = after - before;
        var what = depth == 1 ? "one ping open a connection" : string.Create(CultureInfo.InvariantCulture, $"{depth} pings open a connection");
        recorder.Add($"rate-{depth}", $"{what}: replies a second", "/s", server.Name, replies * (double)Clock.Second / (to - from), higherIsBetter: true);
        recorder.Add($"cpu-{depth}", $"{what}: the server's processor time a reply", "µs", server.Name, (cpuAfter - cpuBefore) * 1_000_000 / replies);
        recorder.Count($"faults-{depth}", $"{what}: faults", server.Name, end.Counts!.Faults);
    }
}
