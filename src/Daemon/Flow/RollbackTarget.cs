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
        var served = ServedReleases.Of(newestFirst.Reverse().Where(e => e.Node == node)).Select(e => e.Release!);
        var content = releases.Find(current).Release?.Manifest.ContentHash;
        var bad = releases.Bad();
        foreach (var id in served.Reverse().SkipWhile(id => id != current).Skip(1))
        {
            if (releases.Find(id).Release is { } release && release.Manifest.ContentHash != content && !bad.Contains(release.Manifest.ContentHash))
                return release;
        }

        return releases.Previous(current);
    }
}
