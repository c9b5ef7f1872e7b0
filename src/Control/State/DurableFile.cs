using System.Security.Cryptography;
using System.Text;

namespace WatchReload.Control;

/// <summary>
/// Files that are there whole or not at all, also after a power failure: written aside, synced, renamed, and the directory synced.
/// Readers need no lock; they see the old content or the new.
/// </summary>
public static class DurableFile
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Replaces the file; mode 0600.</summary>
    public static void Write(string path, string text) => Write(path, Encoding.UTF8.GetBytes(text));

    /// <inheritdoc cref="Write(string, string)"/>
    public static void Write(string path, ReadOnlySpan<byte> content) => WriteAside(path, content, overwrite: true);

    /// <summary>Creates the file; false when there is one already, which then stays as it is. Of several at a time one wins.</summary>
    public static bool TryCreate(string path, string text) => WriteAside(path, Encoding.UTF8.GetBytes(text), overwrite: false);

    /// <summary>Removes the file; nothing happens when there is none.</summary>
    public static void Delete(string path)
    {
        if (!File.Exists(path))
            return;
        File.Delete(path);
        SyncDirectory(DirectoryOf(path));
    }

    /// <summary>Makes durable what was created, renamed or deleted in a directory. Windows does so by itself.</summary>
    public static void SyncDirectory(string directory)
    {
        if (!OperatingSystem.IsWindows())
            Posix.SyncDirectory(directory);
    }

    private static bool WriteAside(string path, ReadOnlySpan<byte> content, bool overwrite)
    {
        var aside = $"{path}.{RandomNumberGenerator.GetHexString(12, lowercase: true)}.tmp";
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = Private;
            using (var file = new FileStream(aside, options))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }

            PausePoint.ReachRename("before", path);
            if (overwrite)
                File.Move(aside, path, overwrite: true);
            else if (!TryGiveName(aside, path))
                return false;
            PausePoint.ReachRename("after", path);
            SyncDirectory(DirectoryOf(path));
            return true;
        }
        finally
        {
            File.Delete(aside); // there no more, if all went well
        }
    }

    // On Unix File.Move looks first and renames then; between the two another may have created the file.
    private static bool TryGiveName(string aside, string path)
    {
        if (!OperatingSystem.IsWindows())
            return Posix.TryLink(aside, path);
        try
        {
            File.Move(aside, path, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(path))
        {
            return false;
        }
    }

    private static string DirectoryOf(string path) => Path.GetDirectoryName(Path.GetFullPath(path))!;
}
