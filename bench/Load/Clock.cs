using System.Diagnostics;

namespace WatchReload.Bench.Load;

/// <summary>Nanoseconds of the system's monotonic clock: the same for all processes of a machine, so times can be handed between them.</summary>
internal static class Clock
{
    public const long Second = 1_000_000_000;
    public const long Millisecond = 1_000_000;

    public static long Now => Stopwatch.Frequency == Second ? Stopwatch.GetTimestamp() : (long)(Stopwatch.GetTimestamp() * ((double)Second / Stopwatch.Frequency));

    public static double Milliseconds(long nanoseconds) => nanoseconds / (double)Millisecond;
}
