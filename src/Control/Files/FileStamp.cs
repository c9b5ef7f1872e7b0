namespace WatchReload.Control;

/// <summary>What the file system says of a file without reading it. Equal stamps make equal content likely; see <see cref="IsTelling"/>.</summary>
/// <param name="Length">-1: absent.</param>
/// <param name="Written">Ticks of the last write, UTC. Programs may set it to what they like.</param>
/// <param name="Changed">Ticks of the last change of content, name or mode, UTC, which only the file system sets; zero where it does not tell.</param>
/// <param name="Node">The file's number in its file system; zero where it is not told.</param>
public readonly record struct FileStamp(long Length, long Written, long Changed = 0, ulong Node = 0)
{
    // File systems keep times in ticks of the kernel: a write just after may seem to be one just before.
    private static readonly TimeSpan Granularity = TimeSpan.FromMilliseconds(50);

    public static FileStamp Absent { get; } = new(-1, 0);

    public bool Exists => Length >= 0;

    /// <summary>Whether an equal stamp, taken well after the last change, means equal content: no program can set it, and the file system counts in less than seconds.</summary>
    public bool IsTelling => Changed % TimeSpan.TicksPerSecond != 0;

    /// <summary>Whether it may have come to be as it is at or after that time; what was moved here may have been written long before.</summary>
    public bool MayBeSince(DateTimeOffset then) => Math.Max(Written, Changed) > then.UtcTicks - Granularity.Ticks;

    /// <summary>Of the file itself, or of what a link leads to.</summary>
    public static FileStamp Of(string path) => FileStatus.Of(path) ?? Managed(path);

    /// <summary>Whether the content is as likely the same as length and time of writing tell; the rest changes with a name or a mode too.</summary>
    public bool LooksLike(FileStamp other) => Length == other.Length && Written == other.Written;

    private static FileStamp Managed(string path)
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
