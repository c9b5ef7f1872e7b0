using System.Diagnostics;

namespace WatchReload.Bench.Machine;

/// <summary>A fixed piece of work, timed: how fast this machine is just now. Virtual machines change their speed within minutes, by several times.</summary>
internal static class Yardstick
{
    private const int Rounds = 5;
    private const int Length = 4_000_000;

    /// <summary>Milliseconds, one a round.</summary>
    public static IReadOnlyList<double> Measure()
    {
        var data = new int[1 << 16];
        Work(data); // compiled, and in the caches
        return [.. Enumerable.Range(0, Rounds).Select(_ =>
        {
            var started = Stopwatch.GetTimestamp();
            Work(data);
            return Math.Round(Stopwatch.GetElapsedTime(started).TotalMilliseconds, 3);
        })];
    }

    /// <summary>Arithmetic and memory that nothing can skip: each step needs the one before.</summary>
    private static int Work(int[] data)
    {
        var value = 1;
        for (var i = 0; i < Length; i++)
        {
            value = (value * 1_103_515_245) + 12_345 + data[value & 0xFFFF];
            data[(value >> 8) & 0xFFFF] = value;
        }

        return value;
    }
}
