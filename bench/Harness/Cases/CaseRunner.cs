using System.Diagnostics;
using System.Globalization;
using WatchReload.Bench.Machine;
using WatchReload.Bench.Results;
using WatchReload.Control;

namespace WatchReload.Bench.Cases;

/// <summary>Runs a case between two looks at the machine's speed.</summary>
internal static class CaseRunner
{
    private const double Busy = 0.7;

    /// <param name="case">What is measured.</param>
    /// <param name="options">How.</param>
    /// <param name="log">For a person who waits.</param>
    /// <param name="keep">Has what is there after each part of a long case, so that one that is broken off has not been for nothing.</param>
    public static async Task<CaseResult> Run(ICase @case, BenchOptions options, TextWriter log, Action<CaseResult> keep)
    {
        var started = DateTimeOffset.UtcNow;
        var clock = Stopwatch.StartNew();
        var recorder = new Recorder(what => log.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {clock.Elapsed.TotalSeconds,6:0.0} s  {what}")));
        var load = double.Parse((await File.ReadAllTextAsync("/proc/loadavg")).Split(' ')[0], CultureInfo.InvariantCulture);
        if (load > Busy) await log.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  The load average is {load}: something else is running, and the figures will say little."));
        var before = Yardstick.Measure();
        string? givenUp = null;
        recorder.PartEnded = () => keep(Result("broken off"));
        try
        {
            await @case.Run(options, recorder);
        }
        catch (Exception e) when (e is BenchException or ControlException)
        {
            await log.WriteLineAsync($"  {e.Message}");
            givenUp = ResultText.Of(e.Message); // what was measured until then is kept, and the report says so
        }

        return Result(givenUp) with { YardstickAfter = Yardstick.Measure() };

        CaseResult Result(string? why) => new()
        {
            Case = @case.Name,
            Started = started,
            Seconds = Math.Round(clock.Elapsed.TotalSeconds, 1),
            Machine = MachineFacts.Read(),
            LoadBefore = load,
            YardstickBefore = before,
            YardstickAfter = before,
            Runs = options.Runs,
            Sizes = options.Sizes,
            Loads = options.Loads,
            Rows = recorder.Rows,
            Curves = recorder.Curves,
            Notes = recorder.Notes,
            GivenUp = why,
            Missing = recorder.Missing,
        };
    }
}
