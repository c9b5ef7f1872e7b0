using WatchReload.Bench.Machine;
using WatchReload.Bench.Peers;
using WatchReload.Bench.Processes;
using WatchReload.Bench.Results;
using WatchReload.Bench.Services;
using WatchReload.Bench.Statistics;

namespace WatchReload.Bench.Cases;

/// <summary>Edits in a large solution, at its root and in a leaf, in each lane of WatchReload, beside <c>dotnet build</c> and <c>dotnet watch</c>.</summary>
internal sealed class BuildLanes : ICase
{
    private const int Connections = 10;
    private const int BulkFiles = 10;

    /// <summary>Of each edit, where nobody asks for a number: the whole case is to take some ten minutes.</summary>
    private const int UsualRuns = 2;
    private const string Delta = "delta";
    private const string Replay = "replay";
    private const string Build = "build";

    /// <summary>Those that need a project to be built anew come last: what follows them is compiled for the first time.</summary>
    private static readonly LaneEdit[] Edits =
    [
        new(EditKind.Body, "root-body", "body in the service", Delta),
        new(EditKind.Leaf, "leaf-body", "body in the project that all others build on", Delta),
        new(EditKind.StateRecord, "root-state", "state record in the service", Delta),
        new(EditKind.LeafSurface, "leaf-surface", "public constant in the project that all others build on", Replay),
        new(EditKind.ProjectFile, "root-project", "project file of the service", Build),
        new(EditKind.LeafProjectFile, "leaf-project", "project file of the project that all others build on", Build),
    ];

    public string Name => "build-lanes";

    public string Summary => "a solution of 40 projects and 1,500 files: an edit at its root and one in a leaf in each lane, build time and save to live, beside dotnet build and dotnet watch";

    public async Task Run(BenchOptions options, Recorder recorder)
    {
        using var workplace = new Workplace();
        var lanes = new LaneCheck(recorder);
        var turns = new List<Turn>();
        try
        {
            var watch = new DotnetWatchPeer(workplace, BulkFiles, libraries: true);
            if (watch.Polls is { } note) recorder.Note(note);
            foreach (var peer in (ILivePeer[])[new WatchReloadPeer(workplace, BulkFiles, libraries: true), new WatchReloadPeer(workplace, BulkFiles, libraries: true, deltas: false), watch])
                turns.Add(await Turn.Begin(workplace, peer, Connections));
            var build = await DotnetBuild.Begin(workplace, BulkFiles, libraries: true);
            var runs = options.AskedRuns ?? (options.Quick ? 1 : UsualRuns);
            foreach (var edit in Edits)
            {
                // Nobody's figures are those of an edit that is the first of its kind.
                List<Turn> taking = [.. turns.Where(turn => edit.IsFor(turn.Peer))];
                foreach (var turn in taking) await turn.Edit(edit.Kind);
                for (var run = 0; run < runs; run++) await Round(recorder, lanes, edit, taking, build, run);
                recorder.EndPart();
            }
        }
        finally
        {
            foreach (var turn in turns) await turn.DisposeAsync();
        }

        recorder.Note($"A body is edited in two ways: as a delta, and under `watch --no-delta`, where it is replayed. `{PeerNames.DotnetWatch}` and `{PeerNames.DotnetBuild}` make the like edit once in each round, and stand beside both.");
        recorder.Note("The constant is public, and the service has it compiled in: every project from there up to the service is compiled again. `dotnet watch` restarts for it, and for a project file.");
        recorder.Note($"`{PeerNames.DotnetBuild}` is a process of its own each time, with the build servers that the SDK leaves running; what it has built is started and asked for its version. WatchReload's build is its own account of the build alone.");
        recorder.Note("An edit counts when all connections have answered with it, and WatchReload has told the lane that the row names.");
        if (lanes.Astray is [var first, ..]) throw new BenchException($"{lanes.Astray.Count} edits went another lane than that of their row, and give no figures. The first: {first}.");
    }

    /// <summary>An edit by everybody, in turn; the build is one more in the row.</summary>
    private static async Task Round(Recorder recorder, LaneCheck lanes, LaneEdit edit, List<Turn> turns, DotnetBuild build, int run)
    {
        var live = new Dictionary<ILivePeer, Edited>();
        var built = 0.0;
        foreach (var turn in Alternation.Turn<Turn?>([.. turns, null], run))
        {
            if (turn is not null)
            {
                live[turn.Peer] = await turn.Edit(edit.Kind);
                continue;
            }

            await Processors.AtRest();
            built = await build.Edit(edit.Kind);
        }

        foreach (var ours in live.Keys.OfType<WatchReloadPeer>())
        {
            var lane = edit.Lane(ours);
            var (id, what) = ($"{edit.Id}-{lane}", $"{edit.What}, {lane} lane");
            var beside = live.Where(other => other.Key == ours || other.Key is not WatchReloadPeer).ToList();
            foreach (var (peer, edited) in beside) recorder.Count($"{id}.lost", $"{what}: connections lost", peer.Name, edited.ConnectionsLost);
            if (!lanes.Is(id, what, lane, ours.Lane)) continue;
            foreach (var (peer, edited) in beside) recorder.Add($"{id}.last", $"{what}: save to the last connection", "ms", peer.Name, edited.LastMs);

            recorder.Add($"{id}.build", $"{what}: build", "ms", PeerNames.WatchReload, ours.Phases["build"]);
            recorder.Add($"{id}.build", $"{what}: build", "ms", PeerNames.DotnetBuild, built);
            foreach (var (phase, milliseconds) in ours.Phases) recorder.Add($"{id}.phase.{phase}", what, "ms", PeerNames.WatchReload, milliseconds);
        }
    }

    /// <param name="WithDeltas">The lane that the edit goes where deltas may be.</param>
    private sealed record LaneEdit(EditKind Kind, string Id, string What, string WithDeltas)
    {
        /// <summary>Without deltas only those are made that would be one: all others would be the same.</summary>
        public bool IsFor(ILivePeer peer) => WithDeltas == Delta || peer is not WatchReloadPeer { Deltas: false };

        public string Lane(WatchReloadPeer peer) => peer.Deltas || WithDeltas != Delta ? WithDeltas : Replay;
    }
}
