using WatchReload.Daemon.Events;
using WatchReload.Daemon.Releases;

namespace WatchReload.Daemon.Flow;

/// <summary>Writes each attempt's verdicts to the history.</summary>
internal sealed class Record(History history, TimeProvider time)
{
    public DateTimeOffset Now => time.GetUtcNow();

    /// <param name="order">What was wanted.</param>
    /// <param name="begun">When.</param>
    /// <param name="release">That was delivered; null when it did not come to that.</param>
    /// <param name="build">Of this attempt.</param>
    /// <param name="verdict">What became of it.</param>
    public Task Append(Order order, DateTimeOffset begun, Release? release, BuildResult? build, DaemonEvent verdict)
    {
        var entry = new HistoryEntry
        {
            Time = begun,
            Cause = order.Cause,
            Verdict = Name(verdict),
            By = order.By,
            Release = release?.Id,
            ContentHash = release?.Manifest.ContentHash,
            Commit = build?.Commit ?? release?.Manifest.Commit ?? order.Commit,
            Clean = release?.Manifest.Clean ?? false,
            Lane = build?.Outcome.Lane.ToString().ToLowerInvariant(),
            LaneReason = build?.Outcome.LaneReason,
            BuildMs = build?.Outcome.Milliseconds,
            TotalMs = (time.GetUtcNow() - begun).TotalMilliseconds,
        };
        return history.Append(With(entry, verdict), CancellationToken.None);
    }

    private static HistoryEntry With(HistoryEntry entry, DaemonEvent verdict) => verdict switch
    {
        ReloadCommitted e => entry with { Node = e.Node, Version = e.Version, ReloadMs = e.Phases.Sum(p => p.Milliseconds) },
        ReloadUnchanged e => entry with { Node = e.Node, Version = e.Version },
        ReloadRehearsed e => entry with { Node = e.Node, Version = e.Version, ReloadMs = e.Phases.Sum(p => p.Milliseconds) },
        ReloadRefused e => entry with { Node = e.Node, Version = e.Version == 0 ? null : e.Version, Problems = e.Problems },
        NodeStarted e => entry with { Node = e.Node, Version = e.Version, ReloadMs = e.Milliseconds },
        NodeExited e => entry with { Node = e.Node, Problems = [$"Node {e.Node} does not run."] },
        BuildFailed e => entry with { Problems = [.. e.Diagnostics.Where(d => d.Severity == "error").Select(d => $"{d.File}({d.Line},{d.Column}): {d.Code}: {d.Message}")] },
        GitRefused e => entry with { Problems = [$"{e.Cause} {e.Remedy}"] },
        _ => entry,
    };

    private static string Name(DaemonEvent verdict) => verdict switch
    {
        ReloadCommitted => "committed",
        ReloadUnchanged => "unchanged",
        ReloadRehearsed => "rehearsed",
        ReloadRefused { TakenBack: true } => "takenBack",
        NodeStarted => "started",
        BuildFailed => "buildFailed",
        GitRefused => "gitRefused",
        _ => "refused",
    };
}
