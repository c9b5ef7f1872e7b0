using WatchReload.Bench.Load;
using WatchReload.Bench.Peers;
using WatchReload.Bench.Processes;
using WatchReload.Bench.Results;
using WatchReload.Bench.Statistics;

namespace WatchReload.Bench.Cases;

/// <summary>From the start of the command to the first reply, with nothing built, and with a release there.</summary>
internal sealed class ColdStart : ICase
{
    private const int BulkFiles = 10;

    public string Name => "cold-start";

    public string Summary => "from the start of the command to the first reply: in a fresh clone, and with a build there";

    public async Task Run(BenchOptions options, Recorder recorder)
    {
        for (var run = 0; run < options.Runs; run++)
        {
            foreach (var start in Alternation.Turn<Func<Recorder, Task>>([Watch, DotnetWatch, Run], run)) await start(recorder);
        }

        recorder.Note("A first reply is the greeting of a client that tries every 5 ms. Build servers are each start's own.");
    }

    private static async Task Watch(Recorder recorder)
    {
        using var workplace = new Workplace();
        await using var peer = new WatchReloadPeer(workplace, BulkFiles);
        await Fresh(recorder, peer, () => peer.Start());
    }

    private static async Task DotnetWatch(Recorder recorder)
    {
        using var workplace = new Workplace();
        await using var peer = new DotnetWatchPeer(workplace, BulkFiles);
        await Fresh(recorder, peer, () => peer.Start());
    }

    private static async Task Fresh(Recorder recorder, ILivePeer peer, Func<Task> start)
    {
        var from = Clock.Now;
        var starting = start();
        var greeted = await Serving.Greeted(peer.Endpoint, starting);
        recorder.Add("fresh", "watch in a fresh clone, nothing restored or built", "ms", peer.Name, Clock.Milliseconds(greeted - from));
        await starting;
    }

    /// <summary>A release is there, as after a reboot; beside the same lines on Kestrel, which is what a process of its own takes.</summary>
    private static async Task Run(Recorder recorder)
    {
        const string id = "built";
        const string what = "production with a build there";
        using var workplace = new Workplace();
        await using var ours = new WatchReloadRun(workplace, BulkFiles);
        await ours.Start();
        await ours.Stop();
        var from = Clock.Now;
        var resuming = ours.Resume();
        recorder.Add(id, what, "ms", PeerNames.WatchReload, Clock.Milliseconds(await Serving.Greeted(ours.Endpoint, resuming) - from));
        await resuming;
        await using var kestrel = new KestrelPeer(workplace);
        from = Clock.Now;
        var starting = kestrel.Start();
        recorder.Add(id, what, "ms", PeerNames.Kestrel, Clock.Milliseconds(await Serving.Greeted(kestrel.Endpoint, starting) - from));
        await starting;
    }
}
