namespace WatchReload.Daemon.Releases;

/// <summary>What served, by the history: what a rollback goes back to.</summary>
internal static class ServedReleases
{
    /// <summary>The one that serves, and two to go back to.</summary>
    private const int ContentsKept = 3;

    /// <summary>Oldest first. A rollback, and a node that chose itself, take away what lay above their release.</summary>
    /// <remarks>Deltas are told under the release that they came to. The release of what they have made is "unchanged", as it is loaded already and only gives its name: from then on it is the one that serves.</remarks>
    public static IReadOnlyList<HistoryEntry> Of(IEnumerable<HistoryEntry> oldestFirst)
    {
        var served = new List<HistoryEntry>();
        var ahead = false; // what serves is in no release yet
        foreach (var entry in oldestFirst.Where(e => e.Release is not null && (e.Verdict is "committed" or "started" || (e.Verdict == "unchanged" && GaveItsName(e)))))
        {
            var again = served.FindLastIndex(e => e.Release == entry.Release);
            ahead = entry is { Verdict: "committed", Lane: "delta" };
            if (ahead && again >= 0)
                continue;
            if (entry.Cause is "rollback" or "crash" or "start" && again >= 0)
                served.RemoveRange(again + 1, served.Count - again - 1);
            else if (again != served.Count - 1 || served.Count == 0)
                served.Add(entry);
        }

        return served;

        bool GaveItsName(HistoryEntry unchanged) => ahead || (served.Count > 0 && served[^1].ContentHash != unchanged.ContentHash);
    }

    /// <summary>All that served on the node; null: of each node.</summary>
    public static IEnumerable<string> On(string? node, IEnumerable<HistoryEntry> oldestFirst) => oldestFirst
        .Where(e => e.Node is not null && (node is null || e.Node == node))
        .GroupBy(e => e.Node)
        .SelectMany(Of)
        .Select(e => e.Release!);

    /// <summary>Those that were last tried and not let in: no way back leads there, unless they served before that.</summary>
    public static IEnumerable<string> NotLetIn(IEnumerable<HistoryEntry> newestFirst) => Last(newestFirst, e => e.Verdict is "refused" or "takenBack" or "rehearsed");

    /// <summary>Those that were last rehearsed, whatever came of it.</summary>
    public static IEnumerable<string> OnlyRehearsed(IEnumerable<HistoryEntry> newestFirst) => Last(newestFirst, e => e.Rehearsed);

    private static IEnumerable<string> Last(IEnumerable<HistoryEntry> newestFirst, Func<HistoryEntry, bool> which) =>
        newestFirst.Where(e => e.Release is not null).DistinctBy(e => e.Release).Where(which).Select(e => e.Release!);

    /// <summary>Of each node the latest releases of the latest contents: a rollback may want them, however many came after them and never served.</summary>
    public static IEnumerable<string> ToGoBackTo(IEnumerable<HistoryEntry> oldestFirst) => oldestFirst
        .Where(e => e.Node is not null)
        .GroupBy(e => e.Node)
        .SelectMany(node => Of(node).Reverse().DistinctBy(e => e.ContentHash).Take(ContentsKept))
        .Select(e => e.Release!);
}
