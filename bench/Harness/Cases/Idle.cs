using System.Globalization;
using WatchReload.Bench.Load;
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

        var (from, whole) = (Clock.Now, Seconds(ours, theirs));
        for (var run = 0; run < options.Runs; run++)
        {
            var before = Seconds(ours, theirs);
            await Task.Delay(Period);
            var after = Seconds(ours, theirs);
            recorder.Add("watching", "of a core, for watching", "%", ours.Name, Share(after.Ours - before.Ours));
            recorder.Add("watching", "of a core, for watching", "%", theirs.Name, Share(after.Theirs - before.Theirs));
            recorder.Add("node", "of a core, the node, with nobody connected", "%", ours.Name, Share(after.Node - before.Node));
            recorder.Add("memory", "memory for watching", "MB", ours.Name, ours.WatchingPids.Sum(ProcStat.Megabytes));
            recorder.Add("memory", "memory for watching", "MB", theirs.Name, theirs.WatchingPids.Sum(ProcStat.Megabytes));
        }

        var (seconds, end) = (Clock.Milliseconds(Clock.Now - from) / 1000, Seconds(ours, theirs));
        recorder.Add("watching-all", "of a core, for watching, all periods together", "%", ours.Name, (end.Ours - whole.Ours) / seconds * 100);
        recorder.Add("watching-all", "of a core, for watching, all periods together", "%", theirs.Name, (end.Theirs - whole.Theirs) / seconds * 100);
        recorder.Note(string.Create(CultureInfo.InvariantCulture, $"Periods of {Period.TotalSeconds:0} s. Watching is done by daemon and builder here; by `dotnet watch`, without the service that it runs and without build servers, there. Linux counts processor time in steps of 10 ms."));
    }

    /// <summary>Processor time so far.</summary>
    private static (double Ours, double Node, double Theirs) Seconds(WatchReloadPeer ours, DotnetWatchPeer theirs) =>
        (ours.WatchingPids.Sum(ProcStat.CpuSeconds), ProcStat.CpuSeconds(ours.NodePid), theirs.WatchingPids.Sum(ProcStat.CpuSeconds));

    private static double Share(double seconds) => seconds / Period.TotalSeconds * 100;
}
