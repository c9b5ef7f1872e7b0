using WatchReload.Daemon.Releases;

namespace WatchReload.Daemon.Flow;

/// <summary>
/// What became of commits that were tried before, from the history. The newest attempt that was a verdict on the commit counts. None is: a
/// rehearsal, an attempt that was not made, one that circumstances ended (<see cref="HistoryEntry.Transient"/>), one of a tree that held
/// more than the commit.
/// </summary>
internal sealed class TriedCommits(History history)
{
    private const int Recent = 1000;

    /// <summary>The attempt that showed that the commit does not work; null when none did, or a later one worked.</summary>
    public HistoryEntry? Failure(string commit) => Newest(commit) is { } entry && HasFailed(entry) ? entry : null;

    /// <summary>Whether there is nothing to learn from another attempt. One that circumstances ended may go through the next time.</summary>
    public bool IsDecided(string commit) => history.Read(Recent).FirstOrDefault(e => e.Commit == commit && Counts(e)) is { Transient: false };

    private HistoryEntry? Newest(string commit) => history.Read(Recent).FirstOrDefault(e => e.Commit == commit && Counts(e) && !e.Transient);

    private static bool HasFailed(HistoryEntry e) => e.Verdict is "buildFailed" or "refused" or "takenBack";

    private static bool Counts(HistoryEntry e) =>
        e.Verdict is "committed" or "unchanged" or "started" or "trialFailed" or "buildFailed" or "refused" or "takenBack"
        && !e.Rehearsed
        && (e.Clean || e.Cause is "pull" or "hook"); // a pull is of the commit alone
}
