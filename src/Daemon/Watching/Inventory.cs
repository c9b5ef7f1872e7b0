namespace WatchReload.Daemon.Watching;

/// <summary>A file as it was handed on last.</summary>
/// <param name="Hash">Null: the content was not needed yet, the stamp speaks for it.</param>
internal readonly record struct KnownFile(FileStamp Stamp, string? Hash)
{
    public static KnownFile Absent { get; } = new(FileStamp.Absent, ContentHash.Absent);
}

/// <summary>One difference between what was handed on and what is there.</summary>
internal readonly record struct FileChange(string Path, KnownFile Before, KnownFile Now)
{
    /// <summary>It had content and is empty or gone: as likely as not somebody is in the middle of saving it.</summary>
    public bool LooksHalfWritten => Before.Stamp.Length > 0 && Now.Stamp.Length <= 0;
}

/// <summary>What is known of the tree's files: as they were when the last change set was handed on.</summary>
internal sealed class Inventory(TimeProvider time)
{
    // File systems keep the time of a write in ticks of the kernel: two writes within one look like one.
    private static readonly TimeSpan Granularity = TimeSpan.FromMilliseconds(50);
    private const int WorthThreads = 64;
    private readonly Dictionary<string, KnownFile> _files = new(Paths.Comparer);

    public IReadOnlyCollection<string> Files => _files.Keys;

    public bool Knows(string path) => _files.ContainsKey(path);

    public void Add(string path)
    {
        var stamp = FileStamp.Of(path);
        if (stamp.Exists)
            _files[path] = new KnownFile(stamp, IsFresh(stamp) ? ContentHash.Of(path, stamp) : null);
    }

    /// <summary>The known files that have not been written since.</summary>
    public IEnumerable<string> Untouched() => _files.Where(file => FileStamp.Of(file.Key) == file.Value.Stamp).Select(file => file.Key);

    public void Forget(IEnumerable<string> paths)
    {
        foreach (var path in paths)
            _files.Remove(path);
    }

    public bool StampDiffers(string path) => FileStamp.Of(path) != _files.GetValueOrDefault(path, KnownFile.Absent).Stamp;

    /// <summary>What differs by content. A stamp that changed alone is taken over; differences stay until <see cref="Apply"/>.</summary>
    public List<FileChange> Compare(IReadOnlyCollection<string> paths)
    {
        var looked = paths.Count > WorthThreads ? [.. paths.AsParallel().Select(Look)] : paths.Select(Look).ToList();
        var changes = new List<FileChange>();
        foreach (var change in looked)
        {
            if (Same(change.Before, change.Now))
            {
                if (change.Now.Stamp.Exists)
                    _files[change.Path] = change.Now;
            }
            else
            {
                changes.Add(change);
            }
        }
        changes.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        return changes;
    }

    public void Apply(IEnumerable<FileChange> changes)
    {
        foreach (var change in changes)
        {
            if (change.Now.Stamp.Exists)
                _files[change.Path] = change.Now;
            else
                _files.Remove(change.Path);
        }
    }

    /// <summary>Reads what is known by its stamp alone, so that from now on content decides. Gives those that changed meanwhile, for a closer look.</summary>
    public List<string> Pin(IEnumerable<string> paths)
    {
        var moved = new List<string>();
        foreach (var path in paths)
        {
            if (!_files.TryGetValue(path, out var known) || known.Hash is not null)
                continue;
            var hash = ContentHash.Of(path, known.Stamp);
            if (FileStamp.Of(path) == known.Stamp)
                _files[path] = known with { Hash = hash };
            else
                moved.Add(path);
        }
        return moved;
    }

    private FileChange Look(string path)
    {
        var stamp = FileStamp.Of(path);
        return new FileChange(path, _files.GetValueOrDefault(path, KnownFile.Absent), new KnownFile(stamp, ContentHash.Of(path, stamp)));
    }

    private static bool Same(KnownFile before, KnownFile now) => before.Hash is null ? before.Stamp == now.Stamp : before.Hash == now.Hash;

    private bool IsFresh(FileStamp stamp) => WrittenSince(stamp, time.GetUtcNow());

    /// <summary>Whether the file may have been written at or after that time.</summary>
    public static bool WrittenSince(FileStamp stamp, DateTimeOffset then) => stamp.Written > then.UtcTicks - Granularity.Ticks;
}
