using System.Runtime;

namespace WatchReload.Builder;

/// <summary>What builds have left behind in memory, and when it is worth a collection. Not for several threads.</summary>
internal sealed class Clutter
{
    /// <summary>In bytes: a compilation of ten files leaves as many, a delta a few millions.</summary>
    private const long Enough = 10 << 20;

    private long _tidied;
    private long _allTidied;

    /// <summary>Else the collection comes in the middle of a build to be, and takes 20 to 50 ms of that: most of what the last one has left lives on.</summary>
    public void Tidy()
    {
        if (IsEnough(ref _tidied))
            GC.Collect(1, GCCollectionMode.Forced, blocking: true);
    }

    /// <summary>What has lived for long too, MSBuild's most of all: the system has the memory back.</summary>
    public void TidyAll()
    {
        if (!IsEnough(ref _allTidied))
            return;
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        GC.Collect();
    }

    private static bool IsEnough(ref long before)
    {
        var allocated = GC.GetTotalAllocatedBytes();
        if (allocated - before < Enough)
            return false;
        before = allocated;
        return true;
    }
}
