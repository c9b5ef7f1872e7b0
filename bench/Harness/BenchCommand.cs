using System.Globalization;
using System.Text.Json;
using WatchReload.Bench.Cases;
using WatchReload.Bench.Report;
using WatchReload.Bench.Results;

namespace WatchReload.Bench;

/// <summary>The command: which cases are run, and where their results go.</summary>
internal static class BenchCommand
{
    private const int GivenUp = 1;
    private const int Usage = 2;
    private static readonly string Results = Repository.Path("bench/results");
    private static readonly IReadOnlyList<ICase> Cases = [new SaveToLive(), new Replies(), new PushToLive(), new ColdStart(), new Changeover(), new LargeState(), new ActorBytes(), new Messages(), new Echo(), new BuildLanes(), new ThousandReloads(deltas: false), new ThousandReloads(deltas: true), new ThousandLibraries(), new Idle(), new ClientCeiling()];

    public static IEnumerable<string> CaseNames => Cases.Select(c => c.Name);

    public static async Task<int> Run(string[] arguments, TextWriter output, TextWriter log)
    {
        try
        {
            var options = BenchOptions.Parse(arguments);
            if (options.Cases is ["report"])
            {
                WriteReport();
                return 0;
            }

            if (options.Cases is ["list"])
            {
                foreach (var @case in Cases) await output.WriteLineAsync($"{@case.Name,-16} {@case.Summary}");
                return 0;
            }

            var all = true;
            foreach (var @case in Chosen(options).ToArray()) all &= await Run(@case, options, output, log);
            if (options.Report) WriteReport();
            return all ? 0 : GivenUp;
        }
        catch (BenchException e)
        {
            await log.WriteLineAsync(e.Message);
            return Usage;
        }
    }

    /// <summary>False: it did not come to its end.</summary>
    private static async Task<bool> Run(ICase @case, BenchOptions options, TextWriter output, TextWriter log)
    {
        await log.WriteLineAsync($"{@case.Name}: {@case.Summary}");
        var result = await CaseRunner.Run(@case, options, log, part =>
        {
            if (options.Report) ResultFiles.Write(Results, part);
        });
        await log.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{@case.Name}: {result.Seconds} s{(result.GivenUp is { } why ? $"\n  given up: {why}" : "")}"));
        if (options.Report) ResultFiles.Write(Results, result);
        if (options.Json) await output.WriteLineAsync(JsonSerializer.Serialize(result, ResultJson.Default.CaseResult));
        return result.GivenUp is null;
    }

    private static void WriteReport() => ReportWriter.Write(Repository.Path("docs"), ResultFiles.Read(Results, Cases.Select(c => c.Name)), Cases.ToDictionary(c => c.Name, c => c.Summary));

    private static IEnumerable<ICase> Chosen(BenchOptions options) => options.Cases.Count == 0
        ? Cases
        : options.Cases.Select(name => Cases.FirstOrDefault(c => c.Name == name) ?? throw new BenchException($"There is no case \"{name}\". `bench/run list` shows them."));
}
