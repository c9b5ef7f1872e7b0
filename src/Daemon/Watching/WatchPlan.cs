using WatchReload.Control;

namespace WatchReload.Daemon.Watching;

/// <summary>A directory with a watcher of its own.</summary>
internal readonly record struct WatchedDirectory(string Path, bool Recursive);

/// <summary>Where events of the inputs come from.</summary>
/// <param name="Directories">The root first; then what the root's watcher does not reach: inputs elsewhere, or behind links.</param>
/// <param name="Aliases">Files that inputs are links to, and the inputs' own paths.</param>
internal sealed record WatchPlan(IReadOnlyList<WatchedDirectory> Directories, IReadOnlyDictionary<string, string> Aliases)
{
    public static WatchPlan Of(string root) => new([new WatchedDirectory(root, Recursive: true)], new Dictionary<string, string>());

    public static WatchPlan Of(string root, BuildInputs inputs)
    {
        var recursive = inputs.Projects.Select(project => Path.GetDirectoryName(project)!).Where(directory => !Reaches(root, directory)).ToHashSet(Paths.Comparer);
        var looked = new HashSet<string>(Paths.Comparer);
        var single = new HashSet<string>(Paths.Comparer);
        var aliases = new Dictionary<string, string>(Paths.Comparer);
        foreach (var input in inputs.Projects.Concat(inputs.Files).Concat(inputs.Imports))
        {
            Watch(Path.GetDirectoryName(input)!);
            if (TargetOf(input) is { } target)
            {
                aliases.TryAdd(target, input);
                Watch(Path.GetDirectoryName(target)!);
            }
        }

        var tops = recursive.Where(directory => !recursive.Any(other => Paths.IsBelow(directory, other)));
        return new WatchPlan(
            [new(root, true), .. tops.Order(StringComparer.Ordinal).Select(d => new WatchedDirectory(d, true)), .. single.Order(StringComparer.Ordinal).Select(d => new WatchedDirectory(d, false))],
            aliases);

        void Watch(string directory)
        {
            if (looked.Add(directory) && !Reaches(root, directory) && !recursive.Any(top => Reaches(top, directory)) && Directory.Exists(directory))
                single.Add(directory);
        }
    }

    // A recursive watcher does not follow links to directories.
    private static bool Reaches(string top, string directory)
    {
        while (Paths.IsBelow(directory, top))
        {
            if (new DirectoryInfo(directory) is { Exists: true } info && (info.Attributes & FileAttributes.ReparsePoint) != 0)
                return false;
            directory = Path.GetDirectoryName(directory)!;
        }
        return directory.Equals(Path.TrimEndingDirectorySeparator(top), Paths.Comparison);
    }

    private static string? TargetOf(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Not there, or a loop: there is nothing that it could be an alias of.
            return null;
        }
    }
}
