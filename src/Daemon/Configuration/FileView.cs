namespace WatchReload.Daemon.Configuration;

/// <summary>Where the tree's files are looked at: on disk, or in a commit that is not checked out yet. Paths are absolute.</summary>
internal abstract class FileView
{
    public static FileView Disk { get; } = new DiskFiles();

    public abstract bool IsFile(string path);

    public abstract bool IsDirectory(string path);

    /// <summary>The files in a directory, without those below it; none when it cannot be looked into.</summary>
    public abstract IEnumerable<string> FilesIn(string directory);

    /// <summary>The content of a file that is there; null when it has more bytes than <paramref name="most"/>.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public abstract byte[]? Read(string path, int most);
}
