namespace WatchReload.Control;

/// <summary>Waits for a lock that others hold briefly. The system has no wait with a deadline for it, so it is asked again.</summary>
public static class LockWait
{
    private static readonly TimeSpan _again = TimeSpan.FromMilliseconds(10);

    /// <summary>The lock; null when the time was not enough.</summary>
    public static async Task<FileLock?> Acquire(string path, TimeSpan patience, TimeProvider time, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(time);
        var start = time.GetTimestamp();
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            if (FileLock.TryAcquire(path) is { } held)
                return held;
            if (time.GetElapsedTime(start) >= patience)
                return null;
            await Task.Delay(_again, time, cancellation).ConfigureAwait(false);
        }
    }
}
