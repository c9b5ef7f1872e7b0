namespace WatchReload.Builder.Replay;

/// <summary>Hashes of files that are asked for at every edit, so that only those are read that were written since.</summary>
internal sealed class KnownFiles
{
    private readonly Dictionary<string, KnownFile> _files = new(StringComparer.Ordinal);

    /// <summary>Null when there is no file, or it cannot be read.</summary>
    public string? HashOf(string path)
    {
        if (!_files.TryGetValue(path, out var file) || !file.IsUntouched(path))
            _files[path] = file = KnownFile.Read(path);
        return file.IsRead ? file.Hash : null;
    }
}
