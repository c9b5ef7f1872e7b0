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

    /// <summary>The attempt that showed that the commit does not work; null when none did, or a later one worked.</summary>
    public HistoryEntry? Failure(string commit) => Newest(commit) is { } entry && HasFailed(entry) ? entry : null;

    /// <summary>
    /// Whether there is nothing to learn from another attempt, or not yet. One that circumstances ended may go through the next time; each further one that did
    /// not doubles the time to the next, as a build and what the node prepares cost the service something.
    /// </summary>
    public bool IsDecided(string commit, DateTimeOffset now)
    {
        var attempts = history.Read(Recent).Where(e => e.Commit == commit && Counts(e)).ToArray();
        if (attempts is not [var newest, ..] || !newest.Transient)
            return attempts.Length > 0;
        var inVain = attempts.TakeWhile(e => e.Transient).DistinctBy(e => e.Time).Count(); // one has an entry for each node
        return inVain > 1 && now - newest.Time < Pause(inVain);
    }

    private HistoryEntry? Newest(string commit) => history.Read(Recent).FirstOrDefault(e => e.Commit == commit && Counts(e) && !e.Transient);

    private static TimeSpan Pause(int inVain) => FirstPause * Math.Min(Math.Pow(2, inVain - 2), LongestPause / FirstPause);

    private static bool HasFailed(HistoryEntry e) => e.Verdict is "buildFailed" or "refused" or "takenBack";

    private static bool Counts(HistoryEntry e) =>
        e.Verdict is "committed" or "unchanged" or "started" or "trialFailed" or "buildFailed" or "refused" or "takenBack"
        && !e.Rehearsed
        && (e.Clean || e.Cause is "pull" or "hook"); // a pull is of the commit alone
}
