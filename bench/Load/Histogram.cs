using System.Numerics;

namespace WatchReload.Bench.Load;

/// <summary>Counts of durations in logarithmic buckets, after Gil Tene's HdrHistogram.</summary>
/// <remarks>
/// Nanoseconds from 0 to about 18 minutes (2^40); longer ones count as that. Up to 255 each value has a bucket of its own; above, each
/// power of two is split in 128, so a quantile is at most 1/128 (0.8 %) above the true value. Minimum and maximum are exact.
/// </remarks>
internal sealed class Histogram
{
    private const int SplitBits = 7;
    private const int Split = 1 << SplitBits;
    private const int HighestBit = 40;
    private readonly long[] _counts = new long[(HighestBit - SplitBits + 1) * Split];

    public long Count { get; private set; }

    /// <summary>0 when there is none.</summary>
    public long Min { get; private set; }

    public long Max { get; private set; }

    public void Record(long nanoseconds)
    {
        nanoseconds = Math.Clamp(nanoseconds, 0, (1L << HighestBit) - 1);
        _counts[BucketOf(nanoseconds)]++;
        Min = Count == 0 ? nanoseconds : Math.Min(Min, nanoseconds);
        Max = Math.Max(Max, nanoseconds);
        Count++;
    }

    /// <summary>The least value that this share of all values does not exceed, as the upper end of its bucket; 0 when there is none.</summary>
    /// <param name="share">0 to 1.</param>
    public long Quantile(double share)
    {
        var wanted = Math.Max(1, (long)Math.Ceiling(share * Count));
        long seen = 0;
        for (var i = 0; i < _counts.Length && Count > 0; i++)
        {
            seen += _counts[i];
            if (seen >= wanted) return Math.Min(Max, HighestIn(i));
        }

        return Max;
    }

    private static int BucketOf(long value)
    {
        var shift = Math.Max(0, BitOperations.Log2((ulong)value | 1) - SplitBits);
        return (shift << SplitBits) + (int)(value >> shift);
    }

    private static long HighestIn(int bucket)
    {
        var shift = Math.Max(0, (bucket >> SplitBits) - 1);
        long lowest = (long)(bucket - (shift << SplitBits)) << shift;
        return lowest + (1L << shift) - 1;
    }
}
