using WatchReload.Control;

namespace WatchReload.Daemon.Watching;

/// <summary>The tree as it was handed on last, beside the tree as it is.</summary>
internal sealed class WatchedTree(WatcherSettings settings, TimeProvider time)
{
    private readonly TreeFilter _filter = new(settings);
    private readonly Inventory _inventory = new(time);
    private readonly Dictionary<string, FileStamp> _suspected = new(Paths.Comparer);
    private DateTimeOffset _handedOn;

    /// <summary>Safe to call from any thread.</summary>
    public bool IsOut(string path) => _filter.IsOut(path);

    public void TakeStock()
    {
        _handedOn = time.GetUtcNow();
        foreach (var path in TreeWalk.Files(settings.Root, _filter).Where(_filter.Counts))
            _inventory.Add(path);
    }

    /// <summary>Takes over what a build named as inputs. Gives the paths that may have changed since the build was handed the tree.</summary>
    public List<string> Adopt(BuildInputs inputs)
    {
        _filter.Adopt(inputs, _inventory.Untouched().ToList());
        _inventory.Forget(_inventory.Files.Where(path => !_filter.Counts(path)).ToList());
        var doubtful = new List<string>();
        foreach (var path in _filter.Named.Where(path => !_inventory.Knows(path)))
        {
            // Nobody watched it while it was built.
            if (Inventory.WrittenSince(FileStamp.Of(path), _handedOn))
                doubtful.Add(path);
            else
                _inventory.Add(path);
        }
        doubtful.AddRange(_inventory.Pin(_filter.Named));
        return doubtful;
    }

    /// <summary>The paths that look changed without being read: for where events do not tell.</summary>
    public List<string> Suspects()
    {
        var candidates = _filter.HasInputs ? _filter.ProjectDirectories : [settings.Root];
        return _inventory.Files.Concat(_filter.Named).Concat(candidates.SelectMany(Walk)).Distinct(Paths.Comparer).Where(_inventory.StampDiffers).ToList();
    }

    /// <summary>Those among the suspects that were written since the look before. The others are pending already, and must be let come to rest.</summary>
    public List<string> NewSuspects()
    {
        var fresh = new List<string>();
        foreach (var path in Suspects())
        {
            var stamp = FileStamp.Of(path);
            if (_suspected.TryGetValue(path, out var before) && before == stamp)
                continue;
            _suspected[path] = stamp;
            fresh.Add(path);
        }
        return fresh;
    }

    /// <summary>Compares what the hints name, directories with all that is and was in them.</summary>
    public List<FileChange> Compare(IReadOnlyCollection<string> hints)
    {
        var paths = new HashSet<string>(Paths.Comparer);
        var directories = new HashSet<string>(Paths.Comparer);
        foreach (var hint in hints)
        {
            if (_inventory.Knows(hint) || _filter.Counts(hint))
                paths.Add(hint);
            if (_inventory.Knows(hint) || File.Exists(hint))
                continue;
            directories.Add(hint);
            if (Directory.Exists(hint) && !_filter.IsOut(hint))
                paths.UnionWith(Walk(hint));
        }
        if (directories.Count > 0)
            paths.UnionWith(_inventory.Files.Where(path => IsBelowAny(path, directories)));
        return _inventory.Compare(paths);
    }

    public List<FileChange> CompareAll() =>
        _inventory.Compare(_inventory.Files.Concat(_filter.Named).Concat(Walk(settings.Root)).ToHashSet(Paths.Comparer));

    public void HandOn(List<FileChange> changes)
    {
        _inventory.Apply(changes);
        _suspected.Clear();
        _handedOn = time.GetUtcNow();
    }

    private IEnumerable<string> Walk(string directory) => TreeWalk.Files(directory, _filter).Where(_filter.Counts);

    private static bool IsBelowAny(string path, HashSet<string> directories)
    {
        for (var parent = Path.GetDirectoryName(path); parent is not null; parent = Path.GetDirectoryName(parent))
            if (directories.Contains(parent))
                return true;
        return false;
    }
}
