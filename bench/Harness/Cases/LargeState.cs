using System.Globalization;
using WatchReload.Bench.Load;
using WatchReload.Bench.Peers;
using WatchReload.Bench.Processes;
using WatchReload.Bench.Results;
using WatchReload.Bench.Services;

namespace WatchReload.Bench.Cases;

/// <summary>An actor whose state is too large for the gate, among many: how long all wait for it, and how long it takes by itself.</summary>
internal sealed class LargeState : ICase
{
    private const int Megabytes = 100;
    private const int Crowd = 100_000;
    private const int Connections = 100;
    private const double PingsPerSecond = 1000;
    private const int Warm = 2;
    private const string Quiet = "the same, no reload";
    private static readonly TimeSpan QuietFor = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);

    public string Name => "large-state";

    public string Summary => "reloads of a node with an actor of 100 MB that ticks at 20 Hz among 100,000 others: gate, replies, and when it is on the new version itself";

    public async Task Run(BenchOptions options, Recorder recorder)
    {
        using var workplace = new Workplace();
        await using var node = new CrowdNode(workplace);
        await node.Start(withReleases: true);
        await node.Spawn(Crowd, Crowd, tokens: 0);
        await node.Ask(string.Create(CultureInfo.InvariantCulture, $"/large {Megabytes}"));
        await using var load = await LoadProcess.Connect(workplace, node.Endpoint, Connections);
        await load.Load(PingsPerSecond);
        var from = Clock.Now;
        await Task.Delay(QuietFor);
        var quiet = await load.Measure([new(from, Clock.Now)]);
        for (var run = 0; run < options.Runs + Warm; run++)
        {
            await load.Forget();
            from = Clock.Now;
            var report = await node.GoTo(run % 2 == 0 ? CrowdRelease.Changed : CrowdRelease.Base);
            var took = Clock.Milliseconds(Clock.Now - from);
            while ((await node.Status()).LateCount > 0) await Task.Delay(Look);
            var over = Clock.Milliseconds(Clock.Now - from);
            var replies = await load.Measure([new(from, Clock.Now)]);
            if (run < Warm) continue; // these compile what the others use
            recorder.Add("gate", "gate", "ms", PeerNames.WatchReload, report.GateMs);
            recorder.Add("whole", "the reload as a whole", "ms", PeerNames.WatchReload, took);
            recorder.Add("late", "late actors that the report names", "actors", PeerNames.WatchReload, report.LateCount);
            recorder.Add("over", "until the large one is on the new version too", "ms", PeerNames.WatchReload, over);
            recorder.Add("longest", "longest reply meanwhile", "ms", PeerNames.WatchReload, replies.Max);
            recorder.Add("p99", "replies meanwhile, p99", "ms", PeerNames.WatchReload, replies.P99);
        }

        recorder.Add("longest", "longest reply meanwhile", "ms", Quiet, quiet.Max);
        recorder.Add("p99", "replies meanwhile, p99", "ms", Quiet, quiet.P99);
        recorder.Count("faults", "connections lost, replies dropped, repeated, out of order or miscounted", PeerNames.WatchReload, (await load.Quiesce()).Counts!.Faults);
        recorder.Note(string.Create(CultureInfo.InvariantCulture, $"{Crowd:N0} idle actors beside it, {Connections} connections with {PingsPerSecond:N0} pings a second. Reloads go forth and back between two releases; each item of the large state, of which there are a million, has a member more or less."));
    }
}
