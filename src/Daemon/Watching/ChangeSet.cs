namespace WatchReload.Daemon.Watching;

/// <summary>What changed in the tree since the change set before: settled, compared by content.</summary>
/// <param name="Paths">Absolute paths of files added, changed or removed; sorted, never empty.</param>
/// <param name="Reason">What made the watcher look, for people: <c>saved</c>, <c>120 files</c>, <c>events were lost</c>.</param>
/// <param name="Rescan">Found by a look at the whole tree, not by events.</param>
internal sealed record ChangeSet(IReadOnlyList<string> Paths, string Reason, bool Rescan);
