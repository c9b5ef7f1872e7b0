using WatchReload.Control;

namespace WatchReload.Daemon.Releases;

/// <summary>What the file system says of a file, or of what a link leads to: if that is as before, the file is as before, unless it is racy.</summary>
internal readonly record struct SourceStamp(FileStamp Stamp)
{
    // As git does for its index: a file changed this recently may change again within one tick of the file system's clock.
    private static readonly TimeSpan _racy = TimeSpan.FromSeconds(2);

    public long Length => Stamp.Length;

    /// <exception cref="FileNotFoundException">There is no file.</exception>
    public static SourceStamp Of(string path) => FileStamp.Of(path) is { Exists: true } stamp ? new(stamp) : throw new FileNotFoundException($"{path} is missing.", path);

    public bool IsRacy(TimeProvider time) => Stamp.MayBeSince(time.GetUtcNow() - _racy);
}
