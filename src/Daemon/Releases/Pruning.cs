using Microsoft.Extensions.Logging;
using WatchReload.Control;

namespace WatchReload.Daemon.Releases;

/// <summary>
/// Deletes old releases. A release goes only if it is not among the newest, no node may start on it, no rollback goes back to it, and nobody holds a lease: its lock is
/// taken alone, the directory renamed away, then deleted. The caller holds the lock of the releases.
/// </summary>
internal sealed class Pruning(StateDirectory state, ReleaseCatalog catalog, PackageSets packages, ILogger log)
{
    /// <summary>The ids that went, oldest first.</summary>
    /// <param name="keep">How many of the newest stay.</param>
    /// <param name="maximumSize">What they may take; 0: no limit.</param>
    public IReadOnlyList<string> Run(int keep, long maximumSize)
    {
        Workspace.RemoveLeftovers(state.Releases, log);
        Workspace.RemoveLeftovers(state.Packages, log);
        var claimed = NodeClaims.Read(state).Concat(History.ToGoBackTo(state)).ToHashSet();
        var gone = catalog.Numbers().Skip(keep).Reverse().Select(ReleaseId.Of).Where(id => !claimed.Contains(id) && TryRemove(id)).ToList();
        if (maximumSize > 0)
            gone.AddRange(TooMuch(maximumSize).Where(id => !claimed.Contains(id) && TryRemove(id)).ToList());
        RemoveStrayFiles();
        var unused = RemoveUnusedPackages();
        if (gone.Count + unused > 0)
            log.Pruned(gone.Count == 0 ? "no release" : string.Join(", ", gone), unused, keep);
        return gone;
    }

    /// <summary>The oldest, as long as all that are not older than them take too much; never the newest.</summary>
    private List<string> TooMuch(long maximumSize)
    {
        var packages = new HashSet<string>();
        var tooMuch = new List<string>();
        long size = 0;
        foreach (var release in catalog.Read())
        {
            size += release.Manifest.Files.Sum(f => f.Length);
            if (release.Manifest.Packages is { } set && packages.Add(set.Hash))
                size += set.Files.Sum(f => f.Length);
            if (size > maximumSize)
                tooMuch.Add(release.Id);
        }

        return [.. tooMuch.Where(id => ReleaseId.Number(id) != catalog.Numbers()[0]).Reverse()];
    }

    private bool TryRemove(string id)
    {
        if (FileLock.TryAcquire(state.ReleaseLock(id)) is not { } alone)
            return false; // in use
        using (alone)
            Workspace.Remove(state.Release(id), log);
        return true;
    }

    // Locks and logs of releases that are no more. Whoever opens such a lock meanwhile finds no directory, and has no lease.
    private void RemoveStrayFiles()
    {
        foreach (var file in Directory.EnumerateFiles(state.Releases, "r*").ToList())
        {
            if (ReleaseId.Number(Path.GetFileName(file).Split('.')[0]) is { } number && !Directory.Exists(state.Release(ReleaseId.Of(number))))
                File.Delete(file);
        }
    }

    private int RemoveUnusedPackages()
    {
        var kept = catalog.Read().ToList();
        if (kept.Count != catalog.Numbers().Count)
            return 0; // a damaged release may have any of them
        return packages.RemoveUnused(kept.Select(release => release.Manifest.Packages?.Hash).OfType<string>().ToHashSet());
    }
}
