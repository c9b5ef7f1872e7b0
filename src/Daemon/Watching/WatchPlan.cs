using WatchReload.Control;

namespace WatchReload.Daemon.Watching;

/// <summary>A directory with a watcher of its own.</summary>
internal readonly record struct WatchedDirectory(string Path, bool Recursive);

/// <summary>Where events of the inputs come from.</summary>
/// <param name="Directories">The root first; then what the root's watcher does not reach: inputs elsewhere, or behind links.</param>
/// <param name="Targets">Files that inputs are links to.</param>
/// <param name="Missing">Directories of inputs that are not there to be watched.</param>
internal sealed record WatchPlan(IReadOnlyList<WatchedDirectory> Directories, LinkTargets Targets, IReadOnlyCollection<string> Missing)
{
    public static WatchPlan Of(string root) => new([new WatchedDirectory(root, Recursive: true)], new LinkTargets(), []);

    /// <param name="root">The tree.</param>
    /// <param name="inputs">What evaluation named.</param>
    /// <param name="links">Links to directories below which files count.</param>
    /// <param name="dangling">Links to files that would count.</param>
    public static WatchPlan Of(string root, BuildInputs inputs, IEnumerable<string> links, IEnumerable<string> dangling)
    {
        var deep = inputs.Patterns.Where(pattern => pattern.IsDeep).Select(pattern => pattern.Directory).Where(Directory.Exists);
        var recursive = inputs.Projects.Select(project => Path.GetDirectoryName(project)!).Concat(deep).Concat(links).Where(directory => !Reaches(root, directory)).ToHashSet(Paths.Comparer);
        var missing = new HashSet<string>(Paths.Comparer);
        var looked = new HashSet<string>(Paths.Comparer);
        var single = new HashSet<string>(Paths.Comparer);
        var targets = new LinkTargets();
        foreach (var input in inputs.Projects.Concat(inputs.Files).Concat(inputs.Imports).Concat(dangling))
        {
            Watch(Path.GetDirectoryName(input)!);
            foreach (var target in LinkTargets.Of(input))
            {
                targets.Add(target, input);
                Watch(Path.GetDirectoryName(target)!);
            }
        }

        foreach (var pattern in inputs.Patterns)
            Watch(pattern.Directory);

        var tops = recursive.Where(directory => !recursive.Any(other => Paths.IsBelow(directory, other) && Reaches(other, directory)));
        return new WatchPlan(
            [new(root, true), .. tops.Order(StringComparer.Ordinal).Select(d => new WatchedDirectory(d, true)), .. single.Order(StringComparer.Ordinal).Select(d => new WatchedDirectory(d, false))],
            targets,
            missing);

        void Watch(string directory)
        {
            if (!looked.Add(directory) || Reaches(root, directory) || recursive.Any(top => Reaches(top, directory)))
                return;
            if (Directory.Exists(directory))
                single.Add(directory);
            else
                missing.Add(directory);
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
}
