using WatchReload.Control;

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

    /// <summary>It is as it was, but was another in between.</summary>
    public bool IsDoubt => Before == Now;
}

/// <summary>What is known of the tree's files: as they were when the last change set was handed on.</summary>
internal sealed class Inventory(TimeProvider time)
{
    private const int WorthThreads = 64;
    private readonly Dictionary<string, KnownFile> _files = new(Paths.Comparer);
    private readonly DirectoryIndex _directories = new();
    private readonly RacyFiles _racy = new(time);

    public IReadOnlyCollection<string> Files => _files.Keys;

    public bool Knows(string path) => _files.ContainsKey(path);

    /// <summary>The known files below a directory; none when there is no such directory.</summary>
    public IEnumerable<string> Below(string directory) => _directories.Below(directory);

    public void Add(string path)
    {
        var stamp = FileStamp.Of(path);
        if (!stamp.Exists)
            return;
        var fresh = RacyFiles.IsFresh(stamp, time.GetUtcNow());
        Know(path, new KnownFile(stamp, fresh ? ContentHash.Of(path, stamp) : null), fresh);
    }

    /// <summary>The known files that have not been written since.</summary>
    public IEnumerable<string> Untouched() => _files.Where(file => FileStamp.Of(file.Key) == file.Value.Stamp).Select(file => file.Key);

    public void Forget(IEnumerable<string> paths)
    {
        foreach (var path in paths)
            Forget(path);
    }

    /// <summary>Whether it looks changed, or is too new for its looks to tell.</summary>
    public bool IsSuspect(string path) => _racy.Contains(path) || StampDiffers(path);

    public bool StampDiffers(string path) => FileStamp.Of(path) != _files.GetValueOrDefault(path, KnownFile.Absent).Stamp;

    /// <summary>Whether it is as it was handed on, read to be sure.</summary>
    public bool ContentDiffers(string path) => Look(path) is var look && !Same(look.Before, look.Now);

    /// <summary>Whether it need not be read to be sure that it is as it was handed on.</summary>
    public bool IsSurelySame(string path) =>
        _files.TryGetValue(path, out var known) && known.Hash is not null && known.Stamp.IsTelling && !_racy.Contains(path) && FileStamp.Of(path) == known.Stamp;

    public KnownFile Known(string path) => _files.GetValueOrDefault(path, KnownFile.Absent);

    /// <summary>What differs by content. A stamp that changed alone is taken over; differences stay until <see cref="Apply"/>.</summary>
    public List<FileChange> Compare(IReadOnlyCollection<string> paths)
    {
        _racy.BeginReading();
        var looked = paths.Count > WorthThreads ? [.. paths.AsParallel().Select(Look)] : paths.Select(Look).ToList();
        var changes = new List<FileChange>();
        foreach (var change in looked)
        {
            if (!Same(change.Before, change.Now))
                changes.Add(change);
            else if (change.Now.Stamp.Exists)
                Know(change.Path, change.Now, racy: change.Now.Stamp != change.Before.Stamp || _racy.Contains(change.Path));
        }
        changes.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        return changes;
    }

    public void Apply(IEnumerable<FileChange> changes)
    {
        foreach (var change in changes)
        {
            if (change.Now.Stamp.Exists)
                Know(change.Path, change.Now, racy: true);
            else
                Forget(change.Path);
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

    private void Know(string path, KnownFile file, bool racy)
    {
        if (!_files.ContainsKey(path))
            _directories.Add(path);
        _files[path] = file;
        if (racy)
            _racy.Read(path, file.Stamp);
    }

    private void Forget(string path)
    {
        if (_files.Remove(path))
            _directories.Remove(path);
        _racy.Forget(path);
    }

    private FileChange Look(string path)
    {
        var stamp = FileStamp.Of(path);
        return new FileChange(path, Known(path), new KnownFile(stamp, ContentHash.Of(path, stamp)));
    }

    private static bool Same(KnownFile before, KnownFile now) => before.Hash is null ? before.Stamp.LooksLike(now.Stamp) : before.Hash == now.Hash;
}
