using WatchReload.Control;

namespace WatchReload.Daemon.Releases;

/// <summary>Directories whose names are final: read-only, and on disk.</summary>
internal static class SealedDirectory
{
    private const UnixFileMode ReadOnly = UnixFileMode.UserRead | UnixFileMode.UserExecute;
    private const UnixFileMode Writable = ReadOnly | UnixFileMode.UserWrite;
    private static readonly EnumerationOptions _all = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = false };

    public static void Create(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, Writable);
    }

    /// <summary>Syncs the directory and those below, and takes the right to write to them away.</summary>
    public static void Seal(string path)
    {
        foreach (var directory in Directory.EnumerateDirectories(path, "*", _all).Append(path))
        {
            DurableFile.SyncDirectory(directory);
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(directory, ReadOnly);
        }
    }

    public static void Delete(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            foreach (var file in Directory.EnumerateFiles(path, "*", _all))
                File.SetAttributes(file, FileAttributes.Normal);
        }
        else
        {
            Open(path);
        }

        Directory.Delete(path, recursive: true);
    }

    // From the top: what is below can be listed and changed only then.
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    private static void Open(string directory)
    {
        File.SetUnixFileMode(directory, Writable);
        foreach (var child in new DirectoryInfo(directory).EnumerateDirectories().Where(child => child.LinkTarget is null))
            Open(child.FullName);
    }
}
