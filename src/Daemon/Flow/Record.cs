using System.Collections.Concurrent;
using WatchReload.Control;
using WatchReload.Daemon.Events;
using WatchReload.Daemon.Releases;

namespace WatchReload.Daemon.Flow;

/// <summary>Writes each attempt's verdicts to the history.</summary>
internal sealed class Record(History history, TimeProvider time)
{
    private const string ProbationCause = "probation";
    private const string StartCause = "start";
    private const int Recent = 1000;

    /// <summary>What each node served last, by the history: that is not read before every delivery.</summary>
    private readonly ConcurrentDictionary<string, string> _newest = new();

    public DateTimeOffset Now => time.GetUtcNow();

    /// <param name="order">What was wanted.</param>
    /// <param name="begun">When.</param>
    /// <param name="release">That was delivered; null when it did not come to that.</param>
    /// <param name="build">Of this attempt.</param>
    /// <param name="verdict">What became of it.</param>
    public async Task Append(Order order, DateTimeOffset begun, Release? release, BuildResult? build, DaemonEvent verdict)
    {
        var entry = new HistoryEntry
        {
            Time = begun,
            Cause = order.Cause,
            Verdict = Name(verdict),
            By = order.By,
            Release = release?.Id,
            ContentHash = build?.Delta is var (_, delta) ? delta.SourceHash : release?.Manifest.ContentHash, // deltas come to a release, and have made another content of it
            Commit = build?.Commit ?? release?.Manifest.Commit ?? order.Commit,
            Clean = build?.Clean ?? release?.Manifest.Clean ?? false,
            Rehearsed = order.Rehearse,
            Lane = build?.Outcome.Lane.ToString().ToLowerInvariant(),
            LaneReason = build?.Outcome.LaneReason,
            BuildMs = build?.Outcome.Milliseconds,
            TotalMs = (time.GetUtcNow() - begun).TotalMilliseconds,
        };
        entry = With(entry, verdict);
        await history.Append(entry, CancellationToken.None);
        if (entry is { Verdict: "committed" or "started", Node: { } on, Release: { } served })
            _newest[on] = served;
        else if (entry is { Verdict: "unchanged", Node: { } known })
            _newest.TryRemove(known, out _); // it may have given its name
    }

    /// <summary>
    /// A node serves that, before another release comes to it. Where nobody has told of it (it was started by another process, or came to it by its own
    /// choice) that is written down: a rollback goes back to what served, and nothing else is.
    /// </summary>
    public async Task Found(NodeStatus status, Func<string, Release?> find)
    {
        if (status is not { Version: >= 1, Release: { } id, Deltas: 0 } || Newest(status.Node) == id)
            return;
        var release = find(id);
        await history.Append(
            new HistoryEntry
            {
                Time = time.GetUtcNow(),
                Cause = StartCause,
                Verdict = "started",
                Node = status.Node,
                Release = id,
                ContentHash = release?.Manifest.ContentHash ?? status.ContentHash,
                Commit = release?.Manifest.Commit ?? status.Commit,
                Clean = release?.Manifest.Clean ?? status.Clean ?? false,
                Version = status.Version,
            },
            CancellationToken.None);
        _newest[status.Node] = id;
    }

    private string? Newest(string node)
    {
        if (_newest.TryGetValue(node, out var known))
            return known;
        var newest = ServedReleases.Of(history.Read().Reverse().Where(e => e.Node == node)) is [.., var last] ? last.Release : null;
        return newest is null ? null : _newest[node] = newest;
    }

    /// <summary>An attempt that ended before anything was built or delivered: told, and written down.</summary>
    public async Task<DaemonEvent> Ended(Order order, DateTimeOffset begun, DaemonEvent verdict, IEventSink events)
    {
        events.Emit(verdict);
        await Append(order, begun, null, null, verdict);
        return verdict;
    }

    /// <summary>A trial that a version did not pass. Nobody ordered it: the node decided by itself.</summary>
    public Task Append(string node, TrialEnd end, Release? release, DaemonEvent happened)
    {
        var entry = new HistoryEntry
        {
            Time = end.Time,
            Cause = ProbationCause,
            Verdict = Name(happened),
            Node = node,
            Release = end.Release,
            ContentHash = end.ContentHash ?? release?.Manifest.ContentHash,
            Commit = release?.Manifest.Commit,
            Clean = release?.Manifest.Clean ?? false,
        };
        return history.Append(With(entry, happened), CancellationToken.None);
    }

    /// <summary>The newest release of this content that has served on the node; null when none has.</summary>
    public string? Served(string node, string content) =>
        history.Read().FirstOrDefault(e => e.Node == node && e.ContentHash == content && e is { Verdict: "committed" or "started" or "unchanged", Release: not null, Rehearsed: false })?.Release;

    public bool Has(string node, TrialEnd end) => history.Read(Recent).Any(e => e.Cause == ProbationCause && e.Node == node && e.Time == end.Time);

    private static HistoryEntry With(HistoryEntry entry, DaemonEvent verdict) => verdict switch
    {
        ReloadCommitted e => entry with { Node = e.Node, Version = e.Version, ReloadMs = e.Phases.Sum(p => p.Milliseconds) },
        ReloadUnchanged e => entry with { Node = e.Node, Version = e.Version },
        ReloadRehearsed e => entry with { Node = e.Node, Version = e.Version, ReloadMs = e.Phases.Sum(p => p.Milliseconds) },
        ReloadRefused e => entry with { Node = e.Node.Length == 0 ? null : e.Node, Transient = e.Transient || e.Unknown, Version = e.Version == 0 ? null : e.Version, Problems = e.Problems },
        TrialFailed e => entry with { Node = e.Node, Version = e.Version, Problems = e.Problems },
        NodeStarted e => entry with { Node = e.Node, Release = entry.Release ?? e.Release, Version = e.Version, ReloadMs = e.Milliseconds },
        NodeExited e => entry with { Node = e.Node, Problems = [$"Node {e.Node} does not run."] },
        BuildFailed e => entry with { Transient = e.Transient, Problems = [.. e.Diagnostics.Where(d => d.Severity == "error").Select(d => d.File is null ? $"{d.Code} {d.Message}".Trim() : $"{d.File}({d.Line},{d.Column}): {d.Code}: {d.Message}")] },
        GitRefused e => entry with { Problems = [$"{e.Cause} {e.Remedy}"] },
        _ => entry,
    };

    private static string Name(DaemonEvent verdict) => verdict switch
    {
        ReloadRefused { NotTried: true } or BuildFailed { NotTried: true } => "notTried",
        ReloadCommitted => "committed",
        ReloadUnchanged => "unchanged",
        ReloadRehearsed => "rehearsed",
        ReloadRefused { TakenBack: true } => "takenBack",
        ReloadRefused { Unknown: true } => "unknown",
        ReloadSuperseded => "superseded",
        TrialFailed => "trialFailed",
        NodeStarted => "started",
        BuildFailed => "buildFailed",
        GitRefused => "gitRefused",
        _ => "refused",
    };
}
