using System.Globalization;

namespace WatchReload.Control;

/// <summary>
/// A lock of the operating system on a file: it ends with the process that holds it, however that ends, so it cannot go stale.
/// The file's being there means nothing.
/// </summary>
/// <remarks>
/// Who holds it is written beside it, in <c>FILE.holder</c>, since on Unix .NET takes a lock for reading as well. It is for messages only;
/// the lock alone decides.
/// </remarks>
public sealed class FileLock : IDisposable
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(20);

    private readonly string _path;
    private readonly FileStream _file;

    private FileLock(string path, FileStream file) => (_path, _file) = (path, file);

    /// <summary>The lock, for this holder alone; null when anybody, in this process or another, holds it.</summary>
    public static FileLock? TryAcquire(string path)
    {
        if (TryOpen(path, FileAccess.ReadWrite, FileShare.None) is not { } file)
            return null;
        var held = new FileLock(path, file);
        try
        {
            WriteHolder(path);
            return held;
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>The lock, for this holder alone, as soon as it is free; null when it was not within that time. The system has no wait with a deadline for it, so it is asked again.</summary>
    public static async Task<FileLock?> Acquire(string path, TimeSpan patience, TimeProvider time, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(time);
        var start = time.GetTimestamp();
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            if (TryAcquire(path) is { } held)
                return held;
            if (time.GetElapsedTime(start) >= patience)
                return null;
            await Task.Delay(AskAgain, time, cancellation);
        }
    }

    /// <summary>The lock, together with others that share it; null when one holds it alone.</summary>
    public static FileLock? TryShare(string path) =>
        TryOpen(path, FileAccess.Read, FileShare.Read) is { } file ? new FileLock(path, file) : null;

    /// <summary>Who acquired it last, if that process lives; for messages.</summary>
    public static ProcessIdentity? Holder(string path)
    {
        string[] fields;
        try
        {
            fields = File.ReadAllText(HolderFile(path)).Split(' ');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // no holder yet, or none of ours: the message then does without
        }

        return fields.Length == 2
            && int.TryParse(fields[0], CultureInfo.InvariantCulture, out var pid)
            && long.TryParse(fields[1], CultureInfo.InvariantCulture, out var start)
            && new ProcessIdentity(pid, start) is { IsAlive: true } holder ? holder : null;
    }

    /// <summary>Releases the lock.</summary>
    public void Dispose() => _file.Dispose();

    /// <summary>
    /// Removes the file of a lock that is held alone and whose name will not be used again, and releases it. Only Linux can tell whether an
    /// open file still is the one of its name, so elsewhere the file, empty, stays.
    /// </summary>
    public void DisposeAndDelete()
    {
        if (OperatingSystem.IsLinux() && Directory.Exists(Path.GetDirectoryName(_path)))
        {
            File.Delete(HolderFile(_path));
            File.Delete(_path);
        }

        Dispose();
    }

    /// <summary>By the one who holds the lock. Whole or not at all for readers; not synced, as after a power failure nobody holds it.</summary>
    private static void WriteHolder(string path)
    {
        var (self, aside) = (ProcessIdentity.Current, HolderFile(path) + ".tmp");
        try
        {
            File.WriteAllText(aside, string.Create(CultureInfo.InvariantCulture, $"{self.Pid} {self.StartTime}\n"));
            File.Move(aside, HolderFile(path), overwrite: true);
        }
        catch (IOException)
        {
            // On a full disk messages do without: room is made there under a lock too.
        }
    }

    private static FileStream? TryOpen(string path, FileAccess access, FileShare share)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = access, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite; // who can open it can lock it
        while (true)
        {
            FileStream file;
            try
            {
                file = new FileStream(path, options);
            }
            catch (IOException e) when (IsHeld(e))
            {
                return null;
            }

            if (IsStillOfItsName(file, path))
                return file;
            file.Dispose(); // its holder removed it between our opening and locking it: a lock on it would exclude nobody
        }
    }

    private static bool IsStillOfItsName(FileStream file, string path) =>
        !OperatingSystem.IsLinux() || Posix.Stat(path, followLink: true)?.Inode == Posix.Stat(file.SafeFileHandle).Inode;

    // .NET puts the system's own error number here: EWOULDBLOCK, or ERROR_SHARING_VIOLATION.
    private static bool IsHeld(IOException e) => e.HResult == (
        OperatingSystem.IsWindows() ? unchecked((int)0x80070020) :
        OperatingSystem.IsLinux() ? 11 :
        35);

    private static string HolderFile(string path) => path + ".holder";
}
