namespace WatchReload.Daemon.Git;

/// <summary>One pull at a time, over all processes: a lock of the operating system, which ends with whoever holds it.</summary>
internal static class PullLock
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <summary>Null: another pull held it until the deadline.</summary>
    public static async Task<IDisposable?> Acquire(string path, TimeSpan deadline, TimeProvider time, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var since = time.GetTimestamp();
        while (true)
        {
            if (TryOpen(path) is { } held)
                return held;
            if (time.GetElapsedTime(since) >= deadline)
                return null;
            await Task.Delay(Interval, time, cancellation);
        }
    }

    private static FileStream? TryOpen(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
