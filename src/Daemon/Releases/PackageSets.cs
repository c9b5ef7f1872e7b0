using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using WatchReload.Control;

namespace WatchReload.Daemon.Releases;

/// <summary>
/// The files of packages, once a set in <c>packages/HASH/</c>, shared by the releases that have that set. They can be many and seldom
/// change: what a file holds is remembered by its stamp, so that a set which is there already costs no reading. The caller holds the lock.
/// </summary>
internal sealed class PackageSets(StateDirectory state, TimeProvider time, ILogger log)
{
    private readonly ConcurrentDictionary<(string Source, SourceStamp Stamp), ReleaseFile> _known = new();

    /// <summary>The set, stored; null where there are no packages. A failure names a file that changed meanwhile.</summary>
    public (PackageSet? Set, Failure? Failure) Put(IReadOnlyList<BuildOutput> packages, OpenOutput open, CancellationToken cancellation)
    {
        if (packages.Count == 0)
            return (null, null);
        var files = FileCopies.Each(packages, package => Facts(package, open, cancellation), cancellation);
        var set = new PackageSet(ContentHashes.OfPackageSet(files), [.. files.OrderBy(file => file.Path, StringComparer.Ordinal)]);
        var target = state.PackageSet(set.Hash);
        if (IsWhole(set, target))
            return (set, null);
        if (Directory.Exists(target))
        {
            log.PackageSetRepaired(set.Hash);
            Workspace.Remove(target, log);
        }

        using var workspace = Workspace.Create(state.Packages, log);
        var copies = FileCopies.Make(packages, workspace.Directory, open, cancellation);
        if (ContentHashes.OfPackageSet(copies.Select(copy => copy.Copied)) != set.Hash)
            return (null, new("A package file changed while it was copied.", "Build again when nothing restores packages."));
        workspace.Publish(target);
        return (set, null);
    }

    /// <summary>Removes the sets that none of these releases has. Returns how many went.</summary>
    public int RemoveUnused(IReadOnlySet<string> used)
    {
        var unused = Directory.EnumerateDirectories(state.Packages).Where(set => Path.GetFileName(set) is var name && name[0] != '.' && !used.Contains(name)).ToList();
        foreach (var set in unused)
            Workspace.Remove(set, log);
        return unused.Count;
    }

    private ReleaseFile Facts(BuildOutput package, OpenOutput open, CancellationToken cancellation)
    {
        var stamp = SourceStamp.Of(package.Source);
        if (!_known.TryGetValue((package.Source, stamp), out var facts))
        {
            facts = FileCopy.Describe(package, open, cancellation);
            if (!stamp.IsRacy(time))
                _known[(package.Source, stamp)] = facts;
        }

        return facts with { Path = package.Path };
    }

    // Published whole and read-only, so names and lengths are enough here. What the node loads, it checks by content.
    private static bool IsWhole(PackageSet set, string directory) =>
        set.Files.All(file => new FileInfo(Path.Combine(directory, file.Path)) is { Exists: true } there && there.Length == file.Length);
}
