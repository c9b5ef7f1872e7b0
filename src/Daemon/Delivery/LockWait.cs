using WatchReload.Control;

namespace WatchReload.Daemon.Delivery;

/// <summary>Waits for a file lock. The system does not tell when one becomes free, so it is asked again.</summary>
internal static class LockWait
{
    private static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(50);

    /// <summary>The lock; null when it was not to be had by the deadline.</summary>
    public static async Task<FileLock?> Acquire(string path, TimeSpan deadline, TimeProvider time, CancellationToken cancellation)
    {
        for (var start = time.GetTimestamp(); ;)
        {
            if (FileLock.TryAcquire(path) is { } held)
                return held;
            if (time.GetElapsedTime(start) >= deadline)
                return null;
            await Task.Delay(_interval, time, cancellation);
        }
    }
}
