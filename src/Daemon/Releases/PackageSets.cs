using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using WatchReload.Control;

namespace WatchReload.Daemon.Releases;

/// <summary>
/// The files of packages, once a set in <c>packages/HASH/</c>, shared by the releases that have that set. They can be many and seldom
/// change: what a file holds is remembered by its stamp, so that a set which is there already is read once a process, and again when its files
/// look changed or are in doubt (<see cref="Doubt"/>). Whoever writes holds the lock.
/// </summary>
internal sealed class PackageSets(StateDirectory state, TimeProvider time, ILogger log)
{
    private readonly ConcurrentDictionary<(string Source, SourceStamp Stamp), ReleaseFile> _known = new();

    /// <summary>By hash of the set: how its files looked when they were read and found to be as they should.</summary>
    private readonly ConcurrentDictionary<string, SourceStamp[]> _read = new();

    /// <summary>The set, stored; null where there are no packages. A failure names a file that changed meanwhile.</summary>
    public (PackageSet? Set, Failure? Failure) Put(IReadOnlyList<BuildOutput> packages, OpenOutput open, CancellationToken cancellation)
    {
        if (packages.Count == 0)
            return (null, null);
        var files = FileCopies.Each(packages, package => Facts(package, open, cancellation), cancellation);
        var set = new PackageSet(ContentHashes.OfPackageSet(files), [.. files.OrderBy(file => file.Path, StringComparer.Ordinal)]);
        var target = state.PackageSet(set.Hash);
        if (IsWhole(set, cancellation))
            return (set, null);
        using var workspace = Workspace.Create(state.Packages, log);
        var copies = FileCopies.Make(packages, workspace.Directory, open, cancellation);
        if (ContentHashes.OfPackageSet(copies.Select(copy => copy.Copied)) != set.Hash)
            return (null, new("A package file changed while it was copied.", "Build again when nothing restores packages."));
        if (Directory.Exists(target))
        {
            log.PackageSetRepaired(set.Hash);
            Workspace.Remove(target, log);
        }

        workspace.Publish(target);
        return (set, null);
    }

    /// <summary>A node could not make use of a release, and may have found that a file is not what it should be, whatever it looks like.</summary>
    public void Doubt() => _read.Clear();

    /// <summary>Whether it has its files, with their content, and nothing else.</summary>
    public bool IsWhole(PackageSet set, CancellationToken cancellation)
    {
        var directory = state.PackageSet(set.Hash);
        var files = set.Files.Select(file => new FileInfo(Path.Combine(directory, file.Path))).ToArray();
        if (!set.Files.Zip(files).All(pair => pair.Second.Exists && pair.Second.LinkTarget is null && pair.Second.Length == pair.First.Length))
            return false;
        SourceStamp[] stamps = [.. files.Select(file => new SourceStamp(new FileStamp(file.Length, file.LastWriteTimeUtc.Ticks)))];
        if (_read.TryGetValue(set.Hash, out var before) && before.SequenceEqual(stamps))
            return true;
        if (Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories).Count() != files.Length || !Array.TrueForAll(FileCopies.Each(set.Files, file => file.IsIn(directory, cancellation), cancellation), isThere => isThere))
            return false;
        if (!Array.Exists(stamps, stamp => stamp.IsRacy(time)))
            _read[set.Hash] = stamps;
        return true;
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
}
