namespace WatchReload.Daemon.Watching;

/// <summary>What the file system says of a file without reading it. Equal stamps make equal content likely, no more.</summary>
/// <param name="Length">-1: absent.</param>
/// <param name="Written">Ticks of the last write, UTC.</param>
internal readonly record struct FileStamp(long Length, long Written)
{
    public static FileStamp Absent { get; } = new(-1, 0);

    public bool Exists => Length >= 0;

    /// <summary>Of the file itself, or of what a link leads to.</summary>
    public static FileStamp Of(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists)
                return Absent;
            if ((file.Attributes & FileAttributes.ReparsePoint) != 0)
                file = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
            return file.Exists ? new FileStamp(file.Length, file.LastWriteTimeUtc.Ticks) : Absent;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Gone between two calls, a loop of links, or a directory that may not be entered: for a build it is not there.
            return Absent;
        }
    }
}
