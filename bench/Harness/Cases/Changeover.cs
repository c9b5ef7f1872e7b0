using System.Globalization;
using WatchReload.Bench.Load;
using WatchReload.Bench.Peers;
using WatchReload.Bench.Processes;
using WatchReload.Bench.Results;
using WatchReload.Bench.Services;
using WatchReload.Control;

namespace WatchReload.Bench.Cases;

/// <summary>How long many actors take to change over, beside as many Erlang processes.</summary>
internal sealed class Changeover : ICase
{
    private const int Tokens = 2000;
    private const int FewBusy = 1000;
    private const string Few = "few";
    private const int Connections = 100;
    private const double PingsPerSecond = 1000;
    private const string Quiet = "the same, no reload";
    private static readonly TimeSpan QuietFor = TimeSpan.FromSeconds(3);
    private static readonly string[] ToTheLastActor = ["prepare", "gate", "commit", "sweep"];

    public string Name => "changeover";

    public string Summary => "change-over of 1,000 to 1,000,000 actors to new code, of the same and of a changed state shape, idle and busy, beside Erlang processes";

    public async Task Run(BenchOptions options, Recorder recorder)
    {
        using var workplace = new Workplace();
        await using var node = new CrowdNode(workplace);
        await node.Start(withReleases: true);
        foreach (var count in options.Sizes ?? (options.Quick ? [1000, 100_000] : [1000, 10_000, 100_000, 1_000_000]))
        {
            foreach (var load in Loads(options).Where(load => load != Few))
            {
                foreach (var shape in (CrowdRelease[])[CrowdRelease.Same, CrowdRelease.Changed])
                {
                    await Erlang(options, recorder, workplace, count, shape, load);
                    await node.Spawn(count, count, load == "busy" ? Tokens : 0);
                    await Ours(options, recorder, node, count, shape, load);
                    await node.End();
                    recorder.EndPart();
                }
            }

            if (!Loads(options).Contains(Few)) continue;
            await node.Spawn(count, Math.Min(count, FewBusy), Math.Min(count, FewBusy));
            await FewAreBusy(options, recorder, workplace, node, count);
            await node.End();
        }

        recorder.Note("WatchReload's figure is from the first prepared actor to the last one on the new version (prepare, gate, commit, sweep), as the node reports it; `whole` is the reload as whoever asked for it sees it, with load, plan, warm-up and code change. Erlang's is from the load of compiled code to the last process in it. Releases are built before.");
        recorder.Note($"Busy: {Tokens:N0} messages are under way all the while, among all actors; every message is a turn and brings the next. `{FewBusy:N0} busy`: as many messages, among {FewBusy:N0} of the actors. Reloads go forth and back between two releases, so with a changed shape a member is added and removed in turn.");
        recorder.Note($"Beside the {FewBusy:N0} busy actors {Connections} connections send {PingsPerSecond:N0} pings a second, and `longest reply` is of those that were under way at any time of a reload; without one, of {QuietFor.TotalSeconds:0} s.");
    }

    private static IReadOnlyList<string> Loads(BenchOptions options) => options.Loads ?? ["idle", "busy", Few];

    private static async Task Ours(BenchOptions options, Recorder recorder, CrowdNode node, int count, CrowdRelease shape, string load)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"{Word(shape)}-{load}-{count}");
        var what = string.Create(CultureInfo.InvariantCulture, $"{count:N0} actors, {load}, {Word(shape)} shape");
        foreach (var (report, took) in await Reload(options.Runs, node, shape))
        {
            recorder.Add(id, what, "ms", PeerNames.WatchReload, report.Phases.Where(p => ToTheLastActor.Contains(p.Name)).Sum(p => p.Milliseconds));
            recorder.Add($"whole-{id}", $"{what}: whole", "ms", PeerNames.WatchReload, took);
            recorder.Add($"gate-{id}", $"{what}: gate", "ms", PeerNames.WatchReload, report.GateMs);
            recorder.Count($"late-{id}", $"{what}: late actors", PeerNames.WatchReload, report.LateCount);
            foreach (var phase in report.Phases) recorder.Add($"{id}.phase.{phase.Name}", what, "ms", PeerNames.WatchReload, phase.Milliseconds);
        }
    }

    /// <summary>The gate as the node reports it, and what clients wait for their replies meanwhile.</summary>
    private static async Task FewAreBusy(BenchOptions options, Recorder recorder, Workplace workplace, CrowdNode node, int count)
    {
        var (id, what) = ($"changed-few-{count}", string.Create(CultureInfo.InvariantCulture, $"{count:N0} actors, {FewBusy:N0} busy, changed shape"));
        await using var load = await LoadProcess.Connect(workplace, node.Endpoint, Connections);
        await load.Load(PingsPerSecond);
        await Reload(0, node, CrowdRelease.Changed);
        await load.Forget();
        var from = Clock.Now;
        await Task.Delay(QuietFor);
        var quiet = await load.Measure([new(from, Clock.Now)]);
        await load.Forget();
        for (var run = 0; run < Math.Max(options.Runs, options.Quick ? 0 : 50); run++)
        {
            from = Clock.Now;
            var report = await node.GoTo(run % 2 == 0 ? CrowdRelease.Changed : CrowdRelease.Base);
            var replies = await load.Measure([new(from, Clock.Now)]);
            await load.Forget();
            recorder.Add($"gate-{id}", $"{what}: gate", "ms", PeerNames.WatchReload, report.GateMs);
            recorder.Add($"replies-{id}.longest", $"{what}: longest reply in a reload", "ms", PeerNames.WatchReload, replies.Max);
            recorder.Add($"replies-{id}.p99", $"{what}: replies in a reload, p99", "ms", PeerNames.WatchReload, replies.P99);
        }

        recorder.Add($"replies-{id}.longest", $"{what}: longest reply in a reload", "ms", Quiet, quiet.Max);
        recorder.Add($"replies-{id}.p99", $"{what}: replies in a reload, p99", "ms", Quiet, quiet.P99);
        recorder.Count($"faults-{id}", $"{what}: connections lost, replies dropped, repeated, out of order or miscounted", PeerNames.WatchReload, (await load.Quiesce()).Counts!.Faults);
    }

    /// <summary>Forth and back; the first two, which compile what the others use, are not counted.</summary>
    private static async Task<IReadOnlyList<(ReloadReport Report, double Took)>> Reload(int runs, CrowdNode node, CrowdRelease to)
    {
        const int warm = 2;
        var reports = new List<(ReloadReport, double)>();
        for (var i = 0; i < runs + warm; i++)
        {
            var from = Clock.Now;
            var report = await node.GoTo(i % 2 == 0 ? to : CrowdRelease.Base);
            if (i >= warm) reports.Add((report, Clock.Milliseconds(Clock.Now - from)));
        }

        if ((runs + warm) % 2 == 1) await node.GoTo(CrowdRelease.Base);
        return reports;
    }

    private static async Task Erlang(BenchOptions options, Recorder recorder, Workplace workplace, int count, CrowdRelease shape, string load)
    {
        var runs = await ErlangScript.Run(
            workplace, "changeover.sh", count.ToString(CultureInfo.InvariantCulture), Word(shape), load, options.Runs.ToString(CultureInfo.InvariantCulture));
        foreach (var run in runs)
            recorder.Add(string.Create(CultureInfo.InvariantCulture, $"{Word(shape)}-{load}-{count}"), string.Create(CultureInfo.InvariantCulture, $"{count:N0} actors, {load}, {Word(shape)} shape"), "ms", PeerNames.ErlangVm, run.GetProperty("ms").GetDouble());
    }

    private static string Word(CrowdRelease shape) => shape == CrowdRelease.Same ? "same" : "changed";
}
