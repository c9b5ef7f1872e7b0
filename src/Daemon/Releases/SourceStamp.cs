namespace WatchReload.Daemon.Releases;

/// <summary>Length and time of a file: if both are as before, it is as before, unless it is racy.</summary>
internal readonly record struct SourceStamp(long Length, DateTimeOffset Modified)
{
    // As git does for its index: a file changed this recently may change again within one tick of the file system's clock.
    private static readonly TimeSpan _racy = TimeSpan.FromSeconds(2);

    public static SourceStamp Of(string path)
    {
        var file = new FileInfo(path);
        return new SourceStamp(file.Length, file.LastWriteTimeUtc); // Length throws where there is no file
    }

    public bool IsRacy(TimeProvider time) => Modified > time.GetUtcNow() - _racy;
}
