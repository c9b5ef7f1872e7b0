using System.Diagnostics;

namespace WatchReload.Bench.Crowd;

/// <summary>Counts messages, or whatever is measured, in a place of its own for each processor, and tells how many there are a second.</summary>
internal static class Rate
{
    private const int Apart = 16; // longs: a cache line and the one that is fetched with it
    private static long[] _counts = new long[Apart];

    /// <summary>While it runs, pairs and senders go on.</summary>
    public static bool IsRunning { get; private set; }

    public static void Begin()
    {
        _counts = new long[Environment.ProcessorCount * Apart];
        IsRunning = true;
    }

    public static void Count(int more) => Interlocked.Add(ref _counts[Thread.GetCurrentProcessorId() % Environment.ProcessorCount * Apart], more);

    /// <summary>Once it has run for a moment.</summary>
    public static async Task<long> Measure(TimeSpan time, CancellationToken cancellation)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(500), cancellation);
        var (from, started) = (_counts.Sum(), Stopwatch.GetTimestamp());
        await Task.Delay(time, cancellation);
        var (to, took) = (_counts.Sum(), Stopwatch.GetElapsedTime(started));
        IsRunning = false;
        // What is under way still must not go on, and be counted, in the next measurement.
        for (var (before, now) = (0L, _counts.Sum()); before != now; (before, now) = (now, _counts.Sum())) await Task.Delay(TimeSpan.FromMilliseconds(100), cancellation);
        return (long)((to - from) / took.TotalSeconds);
    }
}
