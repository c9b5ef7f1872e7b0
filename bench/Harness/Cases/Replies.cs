using System.Globalization;
using WatchReload.Bench.Load;
using WatchReload.Bench.Peers;
using WatchReload.Bench.Processes;
using WatchReload.Bench.Results;
using WatchReload.Bench.Services;

namespace WatchReload.Bench.Cases;

/// <summary>How long replies take while the code changes, beside the same connections when it does not.</summary>
/// <remarks>
/// Each run has a quiet window and one with reloads; a reply counts to a reload if it was under way at any time of it. For WatchReload twice: once
/// releases that are built already are handed to the node, so that the node alone is measured; once files are saved, and the build
/// takes its share of the same processors, as the Erlang recipe's compiler does.
/// </remarks>
internal sealed class Replies : ICase
{
    private const double PingsPerSecond = 5000;
    private const int ReloadsPerRun = 10;
    private const int SavesPerRun = 3;
    private const int BulkFiles = 10;
    private const string Quiet = "the same, no reload";
    private static readonly TimeSpan QuietFor = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(200);

    public string Name => "replies";

    public string Summary => "reply times at 100, 1,000 and 8,000 connections with and without reloads; anything dropped";

    public async Task Run(BenchOptions options, Recorder recorder)
    {
        foreach (var connections in options.Sizes ?? (options.Quick ? [100, 1000] : [100, 1000, 8000]))
        {
            await WatchReload(options, recorder, connections);
            await Erlang(options, recorder, connections);
        }

        recorder.Note(string.Create(CultureInfo.InvariantCulture, $"Open loop: {PingsPerSecond:N0} pings a second over all connections. A latency counts from when the ping was due, so what the client itself sent late is in it; the client's lag is a row of its own."));
        recorder.Note($"A run has {ReloadsPerRun} reloads of built releases, and {SavesPerRun} saves with their builds.");
    }

    private static async Task WatchReload(BenchOptions options, Recorder recorder, int connections)
    {
        using var workplace = new Workplace();
        await using var peer = new WatchReloadPeer(workplace, BulkFiles, deltas: false); // each save a release
        await peer.Start();
        await Save(peer); // a second release, and everything warm
        using var node = new NodePipe(peer.State);
        var releases = node.Releases.TakeLast(2).ToArray();
        await using var load = await LoadProcess.Connect(workplace, peer.Endpoint, connections);
        await load.Load(PingsPerSecond);
        await node.Reload(releases[0]);
        for (var run = 0; run < options.Runs; run++)
        {
            var quiet = await load.Measure([await During(() => Task.Delay(QuietFor))]);
            var (reloads, gates) = (new List<Span>(), new List<double>());
            for (var i = 0; i < ReloadsPerRun; i++)
            {
                await Task.Delay(Between);
                reloads.Add(await During(async () => gates.Add((await node.Reload(releases[(i + 1) % 2])).GateMs)));
            }

            var with = await load.Measure(reloads);
            Record(recorder, $"reload-{connections}", $"{connections} connections, releases that are built", peer.Name, with, quiet);
            foreach (var gate in gates) recorder.Add($"gate-{connections}", $"{connections} connections: gate closed", "ms", peer.Name, gate);
            await load.Forget();
        }

        await Saves(options, recorder, peer, load, connections);
        await End(recorder, load, connections, peer.Name);
    }

    private static async Task Erlang(BenchOptions options, Recorder recorder, int connections)
    {
        using var workplace = new Workplace();
        await using var peer = new ErlangPeer(workplace);
        await peer.Start();
        await using var load = await LoadProcess.Connect(workplace, peer.Endpoint, connections);
        await load.Load(PingsPerSecond);
        await Save(peer);
        await Saves(options, recorder, peer, load, connections);
        await End(recorder, load, connections, peer.Name);
    }

    private static async Task Saves(BenchOptions options, Recorder recorder, ILivePeer peer, LoadProcess load, int connections)
    {
        for (var run = 0; run < options.Runs; run++)
        {
            var quiet = await load.Measure([await During(() => Task.Delay(QuietFor))]);
            var saves = new List<Span>();
            for (var i = 0; i < SavesPerRun; i++)
            {
                await Task.Delay(Between);
                saves.Add(await During(() => Save(peer)));
            }

            Record(recorder, $"save-{connections}", $"{connections} connections, saves with their builds", peer.Name, await load.Measure(saves), quiet);
            await load.Forget();
        }
    }

    private static async Task Save(ILivePeer peer)
    {
        await peer.Edit(EditKind.Body);
        await peer.Rest();
    }

    private static async Task<Span> During(Func<Task> work)
    {
        var from = Clock.Now;
        await work();
        return new(from, Clock.Now);
    }

    private static void Record(Recorder recorder, string id, string what, string peer, LatencyFigures with, LatencyFigures quiet)
    {
        foreach (var (name, of) in (ReadOnlySpan<(string, Func<LatencyFigures, double>)>)[("p50", f => f.P50), ("p99.9", f => f.P999), ("longest", f => f.Max)])
        {
            recorder.Add($"{id}.{name}", $"{what}: {name}", "ms", peer, of(with));
            recorder.Add($"{id}.{name}", $"{what}: {name}", "ms", peer == PeerNames.WatchReload ? Quiet : $"{peer}, no reload", of(quiet));
        }
    }

    private static async Task End(Recorder recorder, LoadProcess load, int connections, string peer)
    {
        var end = await load.Quiesce();
        recorder.Count($"lost-{connections}", $"{connections} connections: lost", peer, end.Counts!.ConnectionsLost);
        recorder.Count($"faults-{connections}", $"{connections} connections: replies dropped, repeated, out of order or miscounted", peer, end.Counts.Faults - end.Counts.ConnectionsLost);
        recorder.Add($"lag-{connections}", $"{connections} connections: the client's own lag in sending, p99.9", "ms", peer, end.SendLag!.P999);
    }
}
