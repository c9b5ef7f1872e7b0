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
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    /// <summary>
    /// The attempt that showed that the commit does not work; null when none did, or a later one worked. A node refuses what the states that it has cannot become:
    /// when it has come to serve something else since, nothing is known.
    /// </summary>
    public HistoryEntry? Failure(string commit)
    {
        var recent = history.Read(Recent);
        var newest = recent.TakeWhile(e => !IsVerdict(e, commit)).Count();
        return newest < recent.Count && recent[newest] is var entry && HasFailed(entry) && !(entry.Verdict == "refused" && recent.Take(newest).Any(later => IsServedBy(later, entry.Node))) ? entry : null;
    }

    /// <summary>
    /// Whether there is nothing to learn from another attempt, or not yet. One that circumstances ended may go through the next time; each further one that did
    /// not doubles the time to the next, as a build and what the node prepares cost the service something.
    /// </summary>
    public bool IsDecided(string commit, DateTimeOffset now)
    {
        // Each has an entry for every node that it came to.
        var attempts = history.Read(Recent).Where(e => e.Commit == commit && Counts(e)).GroupBy(e => e.Time).ToArray();
        var inVain = attempts.TakeWhile(IsInVain).Count();
        if (inVain == 0)
            return attempts.Length > 0;
        var since = now - attempts[0].Max(e => e.Time.AddMilliseconds(e.TotalMs ?? 0));
        return inVain > 1 && since >= TimeSpan.Zero && since < Pause(inVain); // before that: the clock was set back
    }

    private static bool IsVerdict(HistoryEntry e, string commit) => e.Commit == commit && Counts(e) && !e.Transient;

    private static bool IsServedBy(HistoryEntry e, string? node) => e.Node == node && e.Verdict is ("committed" or "started");

    /// <summary>Circumstances ended it, on one node at least, and on none it was the commit's fault.</summary>
    private static bool IsInVain(IEnumerable<HistoryEntry> attempt) => attempt.Any(e => e.Transient) && !attempt.Any(e => HasFailed(e) && !e.Transient);

    private static TimeSpan Pause(int inVain) => FirstPause * Math.Min(Math.Pow(2, inVain - 2), LongestPause / FirstPause);

    private static bool HasFailed(HistoryEntry e) => e.Verdict is "buildFailed" or "refused" or "takenBack";

    private static bool Counts(HistoryEntry e) =>
        e.Verdict is "committed" or "unchanged" or "started" or "trialFailed" or "buildFailed" or "refused" or "takenBack"
        && !e.Rehearsed
        && (e.Clean || e.Cause is "pull" or "hook"); // a pull is of the commit alone
}
