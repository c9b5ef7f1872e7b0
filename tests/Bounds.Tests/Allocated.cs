namespace WatchReload.Bounds.Tests;

/// <summary>Counts what the process allocates. No clock has a part in it, so a busy machine gives the same answer.</summary>
internal static class Allocated
{
    private const int Rounds = 6;

    /// <summary>
    /// Bytes allocated for each of <paramref name="count"/> items. What others allocate meanwhile (the test runner, the JIT) can only add to it:
    /// so the least of several rounds counts.
    /// </summary>
    public static async Task<double> PerItem(int count, Func<Task> round)
    {
        await round();
        var least = long.MaxValue;
        for (var i = 0; i < Rounds; i++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            await round();
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        return (double)least / count;
    }

    /// <summary>Bytes that stay for each of <paramref name="count"/> items made by <paramref name="make"/>, whose result holds them.</summary>
    public static async Task<double> RetainedPerItem(int count, Func<Task<object>> make)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var kept = await make();
        var after = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(kept);
        return (double)(after - before) / count;
    }
}
