namespace WatchReload.Daemon.Watching;

/// <summary>Known files by directory, so that an event costs what it is about, however large the tree is.</summary>
internal sealed class DirectoryIndex
{
    private readonly Dictionary<string, Entries> _directories = new(Paths.Comparer);

    /// <summary>Whether there is a known file below.</summary>
    public bool Contains(string directory) => _directories.ContainsKey(directory);

    public void Add(string file)
    {
        if (Path.GetDirectoryName(file) is not { } directory)
            return;
        Of(directory).Files.Add(file);
    }

    public void Remove(string file)
    {
        if (Path.GetDirectoryName(file) is not { } directory || !_directories.TryGetValue(directory, out var entries))
            return;
        entries.Files.Remove(file);
        while (entries.IsEmpty)
        {
            _directories.Remove(directory);
            if (Path.GetDirectoryName(directory) is not { } parent || !_directories.TryGetValue(parent, out entries))
                return;
            entries.Directories.Remove(directory);
            directory = parent;
        }
    }

    /// <summary>The known files below, however deep.</summary>
    public IEnumerable<string> Below(string directory)
    {
        var open = new Stack<string>();
        open.Push(directory);
        while (open.TryPop(out var next))
        {
            if (!_directories.TryGetValue(next, out var entries))
                continue;
            foreach (var below in entries.Directories)
                open.Push(below);
            foreach (var file in entries.Files)
                yield return file;
        }
    }

    private Entries Of(string directory)
    {
        if (_directories.TryGetValue(directory, out var entries))
            return entries;
        _directories.Add(directory, entries = new Entries());
        if (Path.GetDirectoryName(directory) is { } parent)
            Of(parent).Directories.Add(directory);
        return entries;
    }

    private sealed class Entries
    {
        public HashSet<string> Files { get; } = new(Paths.Comparer);
        public HashSet<string> Directories { get; } = new(Paths.Comparer);
        public bool IsEmpty => Files.Count == 0 && Directories.Count == 0;
    }
}
