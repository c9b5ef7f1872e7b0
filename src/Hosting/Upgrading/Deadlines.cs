namespace WatchReload.Hosting.Upgrading;

/// <summary>Work that must end in time, and may end with a <see cref="TimeoutException"/> of its own, which is another matter.</summary>
internal static class Deadlines
{
    /// <summary>Whether the work ends within that time. Throws what it has thrown. Work that does not end goes on.</summary>
    public static async Task<bool> AreKept(Task work, TimeSpan within, TimeProvider time)
    {
        try
        {
            await work.WaitAsync(within, time);
            return true;
        }
        catch (TimeoutException)
        {
            if (!work.IsCompleted) return false;
            await work;
            return true;
        }
    }
}
