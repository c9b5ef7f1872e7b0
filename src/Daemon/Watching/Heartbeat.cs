namespace WatchReload.Daemon.Watching;

/// <summary>
/// Something that the root's watcher must tell of when it lives. It has to lie below the root, for watchers have threads of their own: one
/// elsewhere would prove nothing. Where the state directory lies below the root, as <c>.git/watchreload</c> does, it is a file there. Where it does not,
/// nothing is written into the user's tree: it is the access time of a directory in it, which neither git nor a build looks at.
/// </summary>
internal sealed class Heartbeat
{
    private readonly bool _isFile;

    private Heartbeat(string path, bool isFile)
    {
        Path = path;
        _isFile = isFile;
    }

    /// <summary>Whether a beat is one event: a directory tells of itself, and is told of by the one that it lies in.</summary>
    public bool IsOneEvent => _isFile;

    /// <summary>The path that the event names.</summary>
    public string Path { get; }

    /// <summary>Null where there is nothing to beat with: a tree of a single directory, or a system that tells of no access times.</summary>
    public static Heartbeat? In(string root, string state)
    {
        if (Paths.IsBelow(state, root))
        {
            var file = new Heartbeat(System.IO.Path.Combine(state, "heartbeat"), isFile: true);
            file.Beat(DateTimeOffset.UnixEpoch); // there before anybody listens: from then on a beat is one event
            return file;
        }
        if (!OperatingSystem.IsLinux())
            return null;
        try
        {
            var git = System.IO.Path.Combine(root, ".git");
            var directory = Directory.Exists(git)
                ? git
                : new DirectoryInfo(root).EnumerateDirectories().Where(d => (d.Attributes & FileAttributes.ReparsePoint) == 0).OrderBy(d => d.Name, StringComparer.Ordinal).FirstOrDefault()?.FullName;
            return directory is null ? null : new Heartbeat(directory, isFile: false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A root that cannot be listed is found out by the watcher itself.
            return null;
        }
    }

    /// <summary>False: the beat could not be made, so that no answer proves nothing.</summary>
    public bool Beat(DateTimeOffset now)
    {
        try
        {
            if (!_isFile)
                Directory.SetLastAccessTimeUtc(Path, now.UtcDateTime);
            else if (File.Exists(Path))
                File.SetLastWriteTimeUtc(Path, now.UtcDateTime);
            else
                File.WriteAllBytes(Path, []);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Disk full, read-only, another owner.
            return false;
        }
    }
}
