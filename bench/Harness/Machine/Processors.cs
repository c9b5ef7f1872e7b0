using System.Globalization;
using WatchReload.Bench.Load;

namespace WatchReload.Bench.Machine;

/// <summary>What the processors have to do.</summary>
internal static class Processors
{
    private const double Quiet = 0.1;
    private const double TicksPerSecond = 100; // USER_HZ, the same on every architecture that .NET runs on
    private static readonly int[] Busy = [1, 2, 3, 6, 7];
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Waits until nearly nothing is done, by whomever: what somebody does after an edit, or after the start, is neither in the next one's figure nor cut
    /// short by it. Where other things run all the time, it gives up.
    /// </summary>
    public static async Task AtRest()
    {
        var (from, at, before) = (Clock.Now, Clock.Now, BusySeconds());
        while (true)
        {
            await Task.Delay(Look);
            var (now, busy) = (Clock.Now, BusySeconds());
            var share = (busy - before) * 1000 / (Clock.Milliseconds(now - at) * Environment.ProcessorCount);
            if (share < Quiet || Clock.Milliseconds(now - from) > Patience.TotalMilliseconds) return;
            (at, before) = (now, busy);
        }
    }

    /// <summary>Of all processors since the machine was started: in user and kernel mode, not what a hypervisor gives to others.</summary>
    private static double BusySeconds()
    {
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return Busy.Sum(i => double.Parse(fields[i], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }
}
