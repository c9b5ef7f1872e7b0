using System.Globalization;
using WatchReload.Bench.Machine;
using WatchReload.Bench.Peers;
using WatchReload.Bench.Processes;
using WatchReload.Bench.Results;

namespace WatchReload.Bench.Cases;

/// <summary>What watching costs while nobody edits.</summary>
internal sealed class Idle : ICase
{
    private const int BulkFiles = 160;
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    public string Name => "idle";

    public string Summary => "processor time and memory of what watches a service of 160 files while nobody edits and nobody is connected";

    public async Task Run(BenchOptions options, Recorder recorder)
    {
        using var workplace = new Workplace();
        await using var ours = new WatchReloadPeer(workplace, BulkFiles);
        await using var theirs = new DotnetWatchPeer(workplace, BulkFiles);
        foreach (var peer in (ILivePeer[])[ours, theirs])
        {
            await peer.Start();
            await Processors.AtRest(); // what is prepared after the start has been prepared
        }

        for (var run = 0; run < options.Runs; run++)
        {
            var before = (Ours: ours.WatchingPids.Sum(ProcStat.CpuSeconds), Node: ProcStat.CpuSeconds(ours.NodePid), Theirs: theirs.WatchingPids.Sum(ProcStat.CpuSeconds));
            await Task.Delay(Period);
            recorder.Add("watching", "of a core, for watching", "%", ours.Name, Share(ours.WatchingPids.Sum(ProcStat.CpuSeconds) - before.Ours));
            recorder.Add("watching", "of a core, for watching", "%", theirs.Name, Share(theirs.WatchingPids.Sum(ProcStat.CpuSeconds) - before.Theirs));
            recorder.Add("node", "of a core, the node, with nobody connected", "%", ours.Name, Share(ProcStat.CpuSeconds(ours.NodePid) - before.Node));
            recorder.Add("memory", "memory for watching", "MB", ours.Name, ours.WatchingPids.Sum(ProcStat.Megabytes));
            recorder.Add("memory", "memory for watching", "MB", theirs.Name, theirs.WatchingPids.Sum(ProcStat.Megabytes));
        }

        recorder.Note(string.Create(CultureInfo.InvariantCulture, $"Periods of {Period.TotalSeconds:0} s. Watching is done by daemon and builder here; by `dotnet watch`, without the service that it runs and without build servers, there. Linux counts processor time in steps of 10 ms."));
    }

    private static double Share(double seconds) => seconds / Period.TotalSeconds * 100;
}
