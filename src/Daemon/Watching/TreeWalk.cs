using System.IO.Enumeration;

namespace WatchReload.Daemon.Watching;

/// <summary>What a look at a tree finds.</summary>
/// <param name="Files">Files by the paths that lead to them, through links too where those are followed.</param>
/// <param name="Links">Links to directories that were followed.</param>
internal sealed record TreeWalk(List<string> Files, List<string> Links)
{
    /// <summary>Links that lead to links; more are a mistake, or a loop in disguise.</summary>
    private const int Deepest = 8;

    private static readonly EnumerationOptions Everything = new() { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = 0 };

    /// <summary>
    /// All below a directory. Links to directories are followed where an evaluation looks for files, as it does itself, unless they lead back to where
    /// they lie; what is gone or closed is left out.
    /// </summary>
    public static TreeWalk Of(string directory, TreeFilter filter)
    {
        var walk = new TreeWalk([], []);
        if (Locate(directory, filter) is var (real, way))
            walk.Enter(directory, real, filter, way);
        return walk;
    }

    /// <summary>Where a directory lies, and the way to it; null when no walk from the top would come to it.</summary>
    private static (string Real, string[] Way)? Locate(string directory, TreeFilter filter)
    {
        if (!Paths.IsBelow(directory, filter.Root))
            return (directory, []);
        var (shown, real, way) = (filter.Root, filter.Root, Array.Empty<string>());
        foreach (var part in Path.GetRelativePath(filter.Root, directory).Split(Path.DirectorySeparatorChar))
        {
            (shown, real) = (Path.Combine(shown, part), Path.Combine(real, part));
            if (new DirectoryInfo(real).LinkTarget is null)
                continue;
            if (!filter.Follows(shown) || Follow(real, way) is not var (target, onward))
                return null;
            (real, way) = (target, onward);
        }
        // The path itself where it says it all: then nothing needs to be put together.
        return (way.Length == 0 ? directory : real, way);
    }

    /// <summary>Where a link leads and the way onward; null when that is nowhere, or back.</summary>
    private static (string Target, string[] Way)? Follow(string link, string[] way)
    {
        if (way.Length >= Deepest || TargetOf(link) is not { } target)
            return null;
        var onward = (string[])[.. way, Path.GetDirectoryName(link)!];
        return Array.Exists(onward, from => from.Equals(target, Paths.Comparison) || Paths.IsBelow(from, target)) ? null : (target, onward);
    }

    /// <param name="shown">The path by which the directory was come to.</param>
    /// <param name="real">Where it lies.</param>
    /// <param name="filter">What to leave out.</param>
    /// <param name="way">The directories, by where they lie, that a link was followed from.</param>
    private void Enter(string shown, string real, TreeFilter filter, string[] way)
    {
        foreach (var (path, isLink) in Entries(shown, real, filter))
        {
            if (!isLink)
                Files.Add(path);
            else if (filter.Follows(path) && Follow(real + path[shown.Length..], way) is var (target, onward))
            {
                Links.Add(path);
                Enter(path, target, filter, onward);
            }
        }
    }

    private static List<(string Path, bool IsLink)> Entries(string shown, string real, TreeFilter filter)
    {
        try
        {
            return [.. new FileSystemEnumerable<(string, bool)>(real, (ref entry) => (Shown(ref entry), entry.IsDirectory), Everything)
            {
                ShouldIncludePredicate = (ref entry) => (!entry.IsDirectory || IsLink(ref entry)) && !filter.IsOut(Shown(ref entry)),
                ShouldRecursePredicate = (ref entry) => !IsLink(ref entry) && !filter.IsOut(Shown(ref entry)),
            }];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The directory itself went away: it has no files.
            return [];
        }

        string Shown(ref FileSystemEntry entry) => ReferenceEquals(shown, real) ? entry.ToFullPath() : shown + entry.ToFullPath()[real.Length..];
    }

    private static bool IsLink(ref FileSystemEntry entry) => (entry.Attributes & FileAttributes.ReparsePoint) != 0;

    private static string? TargetOf(string link)
    {
        try
        {
            return Directory.ResolveLinkTarget(link, returnFinalTarget: true) is { Exists: true } target ? Path.TrimEndingDirectorySeparator(target.FullName) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A loop of links, or gone.
            return null;
        }
    }
}
