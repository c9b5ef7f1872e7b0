namespace WatchReload.Hosting.Kernel;

/// <summary>
/// Turns run in the empty ExecutionContext, and in no SynchronizationContext: no AsyncLocal of whoever completed what a turn awaited, or of a turn before, is seen
/// in them, or held by what they start; and what they await goes on in the pool.
/// </summary>
internal static class CleanContext
{
    private static readonly ExecutionContext s_empty = Empty();

    /// <summary>Whether the calling thread has it.</summary>
    public static bool IsCurrent => SynchronizationContext.Current is null && ReferenceEquals(ExecutionContext.Capture(), s_empty);

    /// <summary>Gives it to the calling thread, at whose base it had it.</summary>
    public static void Restore()
    {
        if (SynchronizationContext.Current is not null) SynchronizationContext.SetSynchronizationContext(null);
        if (ReferenceEquals(ExecutionContext.Capture(), s_empty)) return;
        if (ExecutionContext.IsFlowSuppressed()) ExecutionContext.RestoreFlow();
        ExecutionContext.Restore(s_empty);
    }

    // The runtime has one such object, and gives it to threads that were never given another.
    private static ExecutionContext Empty()
    {
        ExecutionContext? found = null;
        var thread = new Thread(() => found = ExecutionContext.Capture());
        thread.UnsafeStart();
        thread.Join();
        return found!;
    }
}
