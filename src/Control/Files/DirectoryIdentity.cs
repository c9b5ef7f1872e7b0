namespace WatchReload.Control;

/// <summary>Which directory a path leads to: a watcher stays with the one that it was opened on, wherever that goes.</summary>
/// <param name="Node">Its number in its file system, which may be given again to the next.</param>
/// <param name="Born">Ticks of its making, where the file system keeps them.</param>
public readonly record struct DirectoryIdentity(ulong Node, long Born)
{
    public bool Exists => this != default;

    /// <summary>The default value when there is none, or the system does not tell.</summary>
    public static DirectoryIdentity Of(string path) => FileStatus.OfDirectory(path) ?? default;
}
