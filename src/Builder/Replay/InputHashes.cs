using WatchReload.Control;

namespace WatchReload.Builder.Replay;

/// <summary>What the inputs of a build had in them.</summary>
internal sealed class InputHashes
{
    private readonly Dictionary<string, KnownFile> _files;

    /// <summary>Those that have another stamp by now, and the same in them: they are not read again at every look.</summary>
    private readonly Dictionary<string, KnownFile> _again = new(StringComparer.Ordinal);
    private (string Root, string Hash)? _source;

    private InputHashes(Dictionary<string, KnownFile> files) => _files = files;

    /// <param name="inputs">Of the tree.</param>
    /// <param name="known">Spares reading what it has already.</param>
    public static InputHashes Of(BuildInputs inputs, InputHashes? known = null) =>
        new(All(inputs).ToDictionary(path => path, path => known?._files.GetValueOrDefault(path) is { } had && had.IsUntouched(path) ? had : KnownFile.Read(path), StringComparer.Ordinal));

    /// <summary>Null when there was no file.</summary>
    public string? HashOf(string path) => _files[path].Hash;

    /// <summary>The source hash of a tree that has these contents, without commits.</summary>
    public string SourceHash(string root)
    {
        if (_source is not { } source || source.Root != root)
            _source = source = (root, Control.SourceHash.Of(root, _files.Select(file => (file.Key, file.Value.Hash ?? Control.SourceHash.Absent)), []));
        return source.Hash;
    }

    public bool Has(string path) => _files.ContainsKey(path);

    /// <summary>Paths whose content is another now, that are gone, or there again.</summary>
    public IReadOnlyList<string> Changed() => [.. _files.Where(file => !IsSame(file.Key, file.Value)).Select(file => file.Key)];

    /// <summary>Whether one was written since it was read, by its stamp: its content may be the same again.</summary>
    public bool IsTouched() => _files.Any(file => !file.Value.HasStamp(file.Key));

    /// <summary>Paths that somebody has written between this and what was known before, though they may be the same again.</summary>
    public IEnumerable<string> TouchedSince(InputHashes before) => _files.Where(file => before._files.GetValueOrDefault(file.Key) is { } had && had.Stamp != file.Value.Stamp).Select(file => file.Key);

    /// <summary>Paths that had another content before, or are inputs no more. Both are on record: the disk is not looked at again, so that nothing can change between this and that.</summary>
    public IReadOnlyList<string> DifferentFrom(InputHashes before) => [.. before._files.Where(file => _files.GetValueOrDefault(file.Key)?.Hash != file.Value.Hash).Select(file => file.Key)];

    /// <summary>Takes these as they are now. What was read, so that nothing else is compiled than what is on record: a file may be another, and the same again, within one save.</summary>
    public IReadOnlyDictionary<string, byte[]> Take(IEnumerable<string> paths)
    {
        _source = null;
        var contents = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var path in paths)
        {
            (_files[path], var content) = KnownFile.ReadWhole(path);
            if (content is not null)
                contents[path] = content;
        }
        return contents;
    }

    /// <summary>Whatever these have in them is another content than is known here.</summary>
    public void Distrust(IEnumerable<string> paths)
    {
        _source = null;
        foreach (var path in paths)
            _files[path] = KnownFile.Unlike;
    }

    /// <summary>An input that may not have been read by a build as it is here: another one than before it, or the same again, or new and written since it began.</summary>
    public string? Unsettled(BuildStart start) => _files
        .Where(file => start.Hashes?._files.GetValueOrDefault(file.Key) is { } had ? (had.Hash, had.Stamp) != (file.Value.Hash, file.Value.Stamp) : file.Value.MayBeSince(start.At))
        .Select(file => file.Key)
        .FirstOrDefault();

    private bool IsSame(string path, KnownFile known)
    {
        if (known.IsUntouched(path) || _again.TryGetValue(path, out var again) && again.Hash == known.Hash && again.IsUntouched(path))
            return true;
        again = KnownFile.Read(path);
        if (again.Hash != known.Hash)
            return false;
        _again[path] = again;
        return true;
    }

    private static IEnumerable<string> All(BuildInputs inputs) => inputs.Projects.Concat(inputs.Files).Concat(inputs.Imports).Distinct(StringComparer.Ordinal);
}
