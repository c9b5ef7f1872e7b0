namespace WatchReload.Control;

/// <summary>
/// While this is held, the release (and its package set) is not pruned. A node holds one for every version whose files it may still
/// read; the lock is the operating system's, so it ends with the process and cannot go stale.
/// </summary>
public sealed class ReleaseLease : IDisposable
{
    private readonly FileLock _lock;

    private ReleaseLease(FileLock held) => _lock = held;

    /// <summary>The lease; null when there is no such release, or it is being pruned.</summary>
    public static ReleaseLease? TryTake(StateDirectory state, string id)
    {
        ArgumentNullException.ThrowIfNull(state);
        // Looked at on both sides of the lock: before, so that no lock file is left for what never was; after, because pruning renames
        // the directory away under its own lock. Ids are not used twice, so a directory that is there now is that release.
        if (!Directory.Exists(state.Release(id)) || FileLock.TryShare(state.ReleaseLock(id)) is not { } held)
            return null;
        if (Directory.Exists(state.Release(id)))
            return new ReleaseLease(held);
        held.Dispose();
        return null;
    }

    public void Dispose() => _lock.Dispose();
}
