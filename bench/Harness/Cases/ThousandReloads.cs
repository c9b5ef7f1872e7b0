using System.Globalization;
using WatchReload.Bench.Load;
using WatchReload.Bench.Peers;
using WatchReload.Bench.Processes;
using WatchReload.Bench.Results;
using WatchReload.Bench.Services;

namespace WatchReload.Bench.Cases;

/// <summary>Many reloads in a row, by saves, under traffic: what is dropped, what stays in memory.</summary>
/// <param name="deltas">Edits are applied to what is loaded, as <c>watch</c> does by itself; else each is a new version, as in production.</param>
internal sealed class ThousandReloads(bool deltas) : ICase
{
    private const int Connections = 64;
    private const double PingsPerSecond = 640;
    private const int Looks = 50;
    private const string LastBlocking = "watchreload_gc_blocking_full_last";
    private static readonly TimeSpan UnloadPatience = TimeSpan.FromSeconds(30);

    public string Name => deltas ? "thousand-deltas" : "thousand-reloads";

    public string Summary => deltas
        ? "1,000 edits by delta under traffic: drops, memory of node, daemon and builder (--count N)"
        : "1,000 reloads by saves under traffic: drops, memory of node, daemon and builder, versions alive (--count N)";

    public async Task Run(BenchOptions options, Recorder recorder)
    {
        var reloads = options.Count ?? (options.Quick ? 30 : 1000);
        using var workplace = new Workplace();
        await using var peer = new WatchReloadPeer(workplace, bulkFiles: 10, deltas: deltas);
        await peer.Start();
        using var node = new NodePipe(peer.State);
        await using var load = await LoadProcess.Connect(workplace, peer.Endpoint, Connections);
        await load.Load(PingsPerSecond);
        var memory = new Memory(peer.Name, () => (peer.NodePid, peer.DaemonPid, peer.BuilderPid));
        var alive = 0;
        var (blocking, replayed) = (0, 0);
        var last = await node.Metric(LastBlocking);
        var longest = 0.0;
        for (var reload = 1; reload <= reloads; reload++)
        {
            var from = Clock.Now;
            await peer.Edit(EditKind.Body);
            await peer.Rest();
            if (peer.Lane.Name != "delta") replayed++;
            alive = Math.Max(alive, await node.Alive());
            if (await node.Metric(LastBlocking) is var blocked && blocked != last) (last, blocking) = (blocked, blocking + 1);
            if (reload % Math.Max(1, reloads / Looks) != 0) continue;
            memory.Look(reload);
            longest = Math.Max(longest, (await load.Measure([new(from, Clock.Now)])).Max);
            await load.Forget();
        }

        var end = (await load.Quiesce()).Counts!;
        recorder.Add("reloads", "reloads done", "reloads", peer.Name, reloads, higherIsBetter: true);
        recorder.Count("lost", "connections lost", peer.Name, end.ConnectionsLost);
        recorder.Count("faults", "replies dropped, repeated, out of order or miscounted", peer.Name, end.Faults - end.ConnectionsLost);
        recorder.Add("replies", "replies checked", "replies", peer.Name, end.Replies, higherIsBetter: true);
        recorder.Add("longest", "longest reply around the reloads that were looked at", "ms", peer.Name, longest);
        if (deltas) recorder.Add("replayed", "edits that did not go by delta", "edits", peer.Name, replayed);
        else recorder.Add("alive", "most old versions in memory at the end of a reload", "versions", peer.Name, alive);
        if (!deltas) recorder.Add("alive-end", "old versions in memory half a minute after the last reload, at most", "versions", peer.Name, await node.AliveAfter(UnloadPatience));
        recorder.Count("blocking", "reloads in which the node had a blocking full collection", peer.Name, blocking);
        memory.Record(recorder, reloads);
        recorder.Note(string.Create(CultureInfo.InvariantCulture, $"{Connections} connections, {PingsPerSecond:N0} pings a second in all. {(deltas ? "`watch`: each save is applied to what is loaded" : "`watch --no-delta`: each save loads a new version, as in production")}. Memory is resident memory, looked at after every {Math.Max(1, reloads / Looks)} reloads."));
    }

}
