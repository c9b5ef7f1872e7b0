using WatchReload.Daemon.Releases;

namespace WatchReload.Daemon.Flow;

/// <summary>
/// The release that <c>rollback</c> means when none is named: the one that served before the one that serves. Releases that were built
/// and never served do not count; after a rollback "before" is before that older one, not the one rolled back from.
/// </summary>
internal static class RollbackTarget
{
    public static ReleaseLookup Find(string current, string? node, IEnumerable<HistoryEntry> newestFirst, ReleaseStore releases)
    {
        var served = Served(newestFirst.Reverse().Where(e => e.Node == node));
        var content = releases.Find(current).Release?.Manifest.ContentHash;
        var bad = releases.Bad();
        foreach (var id in served.Reverse().SkipWhile(id => id != current).Skip(1))
        {
            if (releases.Find(id).Release is { } release && release.Manifest.ContentHash != content && !bad.Contains(release.Manifest.ContentHash))
                return release;
        }

        return releases.Previous(current);
    }

    /// <summary>What served, oldest first. A rollback, and a node that died and chose itself, take away what lay above their release.</summary>
    internal static IReadOnlyList<string> Served(IEnumerable<HistoryEntry> oldestFirst)
    {
        var served = new List<string>();
        foreach (var entry in oldestFirst.Where(e => e is { Verdict: "committed" or "started", Release: not null }))
        {
            var again = served.LastIndexOf(entry.Release!);
            if (entry.Cause is "rollback" or "crash" && again >= 0)
                served.RemoveRange(again + 1, served.Count - again - 1);
            else if (again != served.Count - 1 || served.Count == 0)
                served.Add(entry.Release!);
        }

        return served;
    }
}
