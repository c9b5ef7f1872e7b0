using System.Globalization;
using WatchReload.Bench.Load;
using WatchReload.Bench.Peers;
using WatchReload.Bench.Processes;
using WatchReload.Bench.Results;
using WatchReload.Bench.Services;
using WatchReload.Bench.Statistics;

namespace WatchReload.Bench.Cases;

/// <summary>Edits in a large solution, by the lane that WatchReload takes, beside <c>dotnet build</c> and <c>dotnet watch</c>.</summary>
internal sealed class BuildLanes : ICase
{
    private const int Connections = 10;
    private const string DotnetBuild = "dotnet build --no-restore";
    private static readonly (EditKind Kind, string Id, string What)[] Edits =
        [(EditKind.Body, "root", "edit in the service itself"), (EditKind.Leaf, "leaf", "edit in the project that all others build on")];

    public string Name => "build-lanes";

    public string Summary => "a solution of 40 projects and 1,500 files: an edit at its root and one in a leaf, build time by lane and save to live, beside dotnet build and dotnet watch";

    public async Task Run(BenchOptions options, Recorder recorder)
    {
        using var workplace = new Workplace();
        var ours = new WatchReloadPeer(workplace, bulkFiles: 10, libraries: true);
        var turns = new List<Turn>();
        try
        {
            var watch = new DotnetWatchPeer(workplace, bulkFiles: 10, libraries: true);
            if (watch.Polls is { } note) recorder.Note(note);
            foreach (var peer in (ILivePeer[])[ours, watch]) turns.Add(await Turn.Begin(workplace, peer, Connections));
            var built = ServiceTree.ForProcess(workplace.Beside("dotnet-build"), bulkFiles: 10, libraries: true);
            await Build(workplace, built, restore: true);
            foreach (var (kind, id, what) in Edits)
            {
                foreach (var turn in turns) await turn.Edit(kind);
                for (var run = 0; run < options.Runs; run++)
                {
                    foreach (var turn in Alternation.Turn(turns, run))
                    {
                        var edited = await turn.Edit(kind);
                        recorder.Add($"{id}.last", $"{what}: save to the last connection", "ms", turn.Peer.Name, edited.LastMs);
                        recorder.Count($"{id}.lost", $"{what}: connections lost", turn.Peer.Name, edited.ConnectionsLost);
                    }

                    recorder.Add($"{id}.build", $"{what}: build", "ms", PeerNames.WatchReload, ours.Phases["build"]);
                    foreach (var (phase, milliseconds) in ours.Phases) recorder.Add($"{id}.phase.{phase}", what, "ms", PeerNames.WatchReload, milliseconds);
                    recorder.Note($"WatchReload took the {ours.Lane} lane for an {what}.");
                    built.Edit(kind);
                    recorder.Add($"{id}.build", $"{what}: build", "ms", DotnetBuild, await Build(workplace, built, restore: false));
                }
            }
        }
        finally
        {
            foreach (var turn in turns) await turn.DisposeAsync();
        }

        recorder.Note(string.Create(CultureInfo.InvariantCulture, $"`{DotnetBuild}` is a process of its own each time, with the build servers that the SDK leaves running. WatchReload's build is its own account of the build alone."));
        recorder.Miss("A lane that WatchReload does not choose for these edits: the lane is its own choice, and is named above.");
    }

    private static async Task<double> Build(Workplace workplace, ServiceTree tree, bool restore)
    {
        var from = Clock.Now;
        await using var build = ChildProcess.Start(workplace.Prepare("dotnet", tree.Service, ["build", "-v", "quiet", "--nologo", .. restore ? Array.Empty<string>() : ["--no-restore"]]));
        if (await build.Exit() != 0) throw build.Failed("failed");
        return Clock.Milliseconds(Clock.Now - from);
    }
}
