using WatchReload.Bench.Load;
using WatchReload.Bench.Peers;
using WatchReload.Bench.Processes;
using WatchReload.Bench.Results;
using WatchReload.Bench.Services;
using WatchReload.Bench.Statistics;

namespace WatchReload.Bench.Cases;

/// <summary>From <c>git push</c> until 100 live connections answer with the new code, with a daemon that is there and without one, beside pushes that restart the process.</summary>
internal sealed class PushToLive : ICase
{
    private const int Connections = 100;
    private const int BulkFiles = 10;

    public string Name => "push-to-live";

    public string Summary => "git push, with a resident daemon and without one: time until all connections answer with the new code beyond git's own, connections lost; beside restart deploys";

    public async Task Run(BenchOptions options, Recorder recorder)
    {
        using var workplace = new Workplace();
        var turns = new List<Turn>();
        try
        {
            foreach (var peer in (ILivePeer[])[new WatchReloadPush(workplace, BulkFiles), new WatchReloadPush(workplace, BulkFiles, resident: false), new RestartPush(workplace, BulkFiles, behindSocket: false), new RestartPush(workplace, BulkFiles, behindSocket: true)])
                turns.Add(await Turn.Begin(workplace, peer, Connections));
            foreach (var turn in turns) await turn.Edit(EditKind.Body);
            var git = new PushedTree(workplace, ServiceTree.ForProcess(workplace.Beside("git-alone"), BulkFiles), "git-alone");
            await git.Begin();
            for (var run = 0; run < options.Runs; run++)
            {
                var own = await GitAlone(git);
                recorder.Add("git", "git's own time for such a push", "ms", "git", own);
                foreach (var turn in Alternation.Turn(turns, run)) Record(recorder, turn.Peer, await turn.Edit(EditKind.Body), own);
            }
        }
        finally
        {
            foreach (var turn in turns) await turn.DisposeAsync();
        }

        recorder.Note("The time counts from the start of `git push`; git's own time, a push of the like to a bare repository without a hook in the same run, is taken off.");
        recorder.Note("Without a daemon the hook's command starts a builder of its own, which loads MSBuild first; the node is the one that goes on when its `run` is killed.");
        recorder.Note("The restart deploys pull, `dotnet publish` beside what runs, and restart; with the build servers that the SDK leaves running by itself.");
    }

    private static async Task<double> GitAlone(PushedTree git)
    {
        await git.Edit(EditKind.Body);
        var from = Clock.Now;
        await git.Push();
        return Clock.Milliseconds(Clock.Now - from);
    }

    private static void Record(Recorder recorder, ILivePeer peer, Edited edited, double git)
    {
        recorder.Add("first", "push to the first connection with the new code, beyond git's own time", "ms", peer.Name, edited.FirstMs - git);
        recorder.Add("last", "push to the last connection with the new code, beyond git's own time", "ms", peer.Name, edited.LastMs - git);
        recorder.Add("told", "push until it returns, beyond git's own time", "ms", peer.Name, edited.ReturnedMs - git);
        recorder.Add("longest", "longest that a client waited meanwhile, for a reply or to be connected again", "ms", peer.Name, edited.LongestMs);
        recorder.Count("lost", "connections lost", peer.Name, edited.ConnectionsLost);
        recorder.Count("faults", "pings not sent or not answered, replies repeated, out of order or miscounted", peer.Name, edited.OtherFaults);
        foreach (var (phase, milliseconds) in peer.Phases) recorder.Add($"phase.{phase}", $"of this, {phase}", "ms", peer.Name, milliseconds);
    }
}
