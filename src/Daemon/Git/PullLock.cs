using WatchReload.Control;

namespace WatchReload.Daemon.Git;

/// <summary>One pull at a time, over all processes.</summary>
internal static class PullLock
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <summary>Null: another pull held it until the deadline.</summary>
    public static async Task<FileLock?> Acquire(string path, TimeSpan deadline, TimeProvider time, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var since = time.GetTimestamp();
        while (true)
        {
            if (FileLock.TryAcquire(path) is { } held)
                return held;
            if (time.GetElapsedTime(since) >= deadline)
                return null;
            await Task.Delay(Interval, time, cancellation);
        }
    }
}
