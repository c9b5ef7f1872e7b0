using System.Globalization;
using WatchReload.Bench.Peers;
using WatchReload.Bench.Processes;
using WatchReload.Bench.Results;
using WatchReload.Bench.Services;
using WatchReload.Bench.Statistics;

namespace WatchReload.Bench.Cases;

/// <summary>From the save of a file until the first and the last of 100 live connections answer with the new code.</summary>
internal sealed class SaveToLive : ICase
{
    private const int Connections = 100;

    /// <summary>What everybody has seen when the figures begin, so that those of the kind that comes first are no others than those of the last. The first edit of all is a figure of its own.</summary>
    private const int EditsBefore = 10;

    private static readonly int[] AfterStart = [1, 3];

    public string Name => "save-to-live";

    public string Summary => $"each kind of edit in services of 10, 40 and 160 files: time until the first and the last of {Connections} connections answer with the new code, connections lost";

    public async Task Run(BenchOptions options, Recorder recorder)
    {
        var lanes = new LaneCheck(recorder);
        foreach (var size in options.Sizes ?? (options.Quick ? [10] : [10, 40, 160]))
        {
            await Warm(options, recorder, lanes, size);
            await First(options, recorder, lanes, size);
            recorder.EndPart();
        }

        await SoonAfterStart(options, recorder);

        recorder.Note("A save truncates the file and writes it in its place, as most editors do; one kind of edit is written aside and moved into its place, as vim does, for which `dotnet watch` waits longer, as for a file that comes. The time counts from just before it (for the Erlang recipe: from the start of its script, which writes the file).");
        recorder.Note($"Everybody has seen {EditsBefore} edits of a body before, which do not count; the first edit after the start is measured apart, each time with everything started afresh: when the processors have come to rest, and one and three seconds after it serves, when they have not.");
        recorder.Note("The full emit is of the SDK's own Roslyn, warm, on the same edit: parse of what changed, generators, assembly and symbols into memory; in a process of its own, while the service of WatchReload serves its clients as it does during an edit. Beyond it: the difference within each round.");
        recorder.Note($"Each connection sends {Turn.PingsPerConnection} pings a second meanwhile. The first answer is known to about 1 ms: connections are asked in turn, one a millisecond.");
        recorder.Note($"An edit counts in whatever lane WatchReload took it; those that went another one than this kind usually does have a row of their own. {(lanes.Astray.Count == 0 ? "There was none." : $"They were: {string.Join("; ", lanes.Astray)}.")}");
    }

    /// <summary>Everybody serves and has seen edits before; turn about.</summary>
    private static async Task Warm(BenchOptions options, Recorder recorder, LaneCheck lanes, int size)
    {
        using var workplace = new Workplace();
        var turns = new List<Turn>();
        try
        {
            foreach (var peer in Peers(workplace, size)) turns.Add(await Turn.Begin(workplace, peer, Connections));
            await using var emit = await EmitTurn.Begin(workplace, size);
            for (var before = 0; before < EditsBefore; before++)
            {
                foreach (var turn in turns) await turn.Edit(EditKind.Body);
                await emit.Edit(EditKind.Body);
            }

            foreach (var kind in Enum.GetValues<EditKind>().Where(k => turns.Exists(t => t.Peer.Knows(k))))
            {
                for (var run = 0; run < options.Runs; run++)
                {
                    await Round(recorder, lanes, turns, emit, kind, size, run);
                }
            }
        }
        finally
        {
            foreach (var turn in turns) await turn.DisposeAsync();
        }
    }

    /// <summary>An edit by everybody. Those who serve come in turn; the emit is one more in the row.</summary>
    private static async Task Round(Recorder recorder, LaneCheck lanes, List<Turn> turns, EmitTurn emit, EditKind kind, int size, int run)
    {
        var (id, what) = ($"{Id(kind)}-{size}", $"{Text(kind)}, {size} files");
        var (live, emitted) = (default(double?), default(double?));
        foreach (var turn in Alternation.Turn<Turn?>([.. turns, null], run))
        {
            if (turn is null)
            {
                if (EmitTurn.Knows(kind)) emitted = await turns.Find(t => t.Peer is WatchReloadPeer)!.Beside(() => emit.Edit(kind));
            }
            else if (turn.Peer.Knows(kind))
            {
                var edited = await turn.Edit(kind);
                Record(recorder, id, what, turn.Peer, edited);
                if (turn.Peer is not WatchReloadPeer ours) continue;
                live = edited.LastMs;
                Check(lanes, id, what, kind, ours);
            }
        }

        if (!EmitTurn.IsTold(kind) || live is not { } last || emitted is not { } full) return;
        recorder.Add($"{id}.emit", $"{what}: last connection, beside a full emit", "ms", PeerNames.WatchReload, last);
        recorder.Add($"{id}.emit", $"{what}: last connection, beside a full emit", "ms", PeerNames.Emit, full);
        recorder.Add($"{id}.beyond-emit", $"{what}: last connection, beyond a full emit", "ms", PeerNames.WatchReload, last - full);
    }

    /// <summary>The first edit that a process ever sees: each run starts everybody afresh, one after the other.</summary>
    private static async Task First(BenchOptions options, Recorder recorder, LaneCheck lanes, int size)
    {
        for (var run = 0; run < options.Runs; run++)
        {
            using var workplace = new Workplace();
            foreach (var peer in Alternation.Turn(Peers(workplace, size), run))
            {
                await using var turn = await Turn.Begin(workplace, peer, Connections);
                var (id, what) = ($"first-{size}", $"first edit after the start, {size} files");
                Record(recorder, id, what, peer, await turn.Edit(EditKind.Body));
                if (peer is WatchReloadPeer ours) Check(lanes, id, what, EditKind.Body, ours);
            }
        }
    }

    /// <summary>The first edit again, but of somebody who does not wait until all is ready.</summary>
    private static async Task SoonAfterStart(BenchOptions options, Recorder recorder)
    {
        const int size = 10;
        if (options.Sizes?.Contains(size) == false) return;
        foreach (var seconds in AfterStart)
        {
            for (var run = 0; run < options.Runs / 2; run++)
            {
                using var workplace = new Workplace();
                foreach (var peer in Alternation.Turn((IReadOnlyList<ILivePeer>)[new WatchReloadPeer(workplace, size), new DotnetWatchPeer(workplace, size)], run))
                {
                    await using var turn = await Turn.Begin(workplace, peer, Connections);
                    Record(recorder, $"first-after-{seconds}s-{size}", $"first edit, {seconds} s after it serves, {size} files", peer, await turn.Edit(EditKind.Body, TimeSpan.FromSeconds(seconds)));
                }
            }
        }
    }

    private static IReadOnlyList<ILivePeer> Peers(Workplace workplace, int size) =>
        [new WatchReloadPeer(workplace, size), new DotnetWatchPeer(workplace, size), new ErlangPeer(workplace)];

    private static void Record(Recorder recorder, string id, string what, ILivePeer peer, Edited edited)
    {
        recorder.Add($"{id}.first", $"{what}: first connection", "ms", peer.Name, edited.FirstMs);
        recorder.Add($"{id}.last", $"{what}: last connection", "ms", peer.Name, edited.LastMs);
        recorder.Count($"{id}.lost", $"{what}: connections lost", peer.Name, edited.ConnectionsLost);
        recorder.Count($"{id}.faults", $"{what}: replies dropped, repeated, out of order or miscounted", peer.Name, edited.OtherFaults);
        foreach (var (phase, milliseconds) in peer.Phases) recorder.Add($"{id}.phase.{phase}", $"{what}: of this, {phase}", "ms", peer.Name, milliseconds);
    }

    /// <summary>A new file and the call into it are two saves, which may be taken up together or not: there is no usual lane.</summary>
    private static void Check(LaneCheck lanes, string id, string what, EditKind kind, WatchReloadPeer ours)
    {
        if (kind != EditKind.NewFile) lanes.Is(id, what, kind == EditKind.ProjectFile ? "build" : "delta", ours.Lane);
    }

    private static string Id(EditKind kind) => kind.ToString().ToLower(CultureInfo.InvariantCulture);

    private static string Text(EditKind kind) => kind switch
    {
        EditKind.Body => "body edit",
        EditKind.MovedBody => "body edit, written aside and moved into place",
        EditKind.Async => "edit of an async method with lambdas",
        EditKind.AddedMethod => "added method",
        EditKind.StateRecord => "changed state record",
        EditKind.NewFile => "new file",
        EditKind.ProjectFile => "changed project file",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
