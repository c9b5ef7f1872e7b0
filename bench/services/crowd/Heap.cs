namespace WatchReload.Bench.Crowd;

/// <summary>What is in memory, when all that is garbage is gone.</summary>
internal static class Heap
{
    public static long Bytes()
    {
        for (var i = 0; i < 2; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }

    /// <summary>Of states alone, without their actors.</summary>
    public static long BytesOfStates(int count)
    {
        var states = new SubjectState[count];
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < count; i++) states[i] = new SubjectState("subject", i, 0, default);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
