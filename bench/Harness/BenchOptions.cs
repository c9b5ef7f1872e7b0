using System.Globalization;

namespace WatchReload.Bench;

/// <summary>What the command line says.</summary>
internal sealed record BenchOptions
{
    private const int UsualRuns = 10;
    private const int QuickRuns = 3;

    /// <summary>None: all.</summary>
    public IReadOnlyList<string> Cases { get; init; } = [];

    /// <summary>Prints the results on standard output, one JSON object a case.</summary>
    public bool Json { get; init; }

    /// <summary>Writes the results to bench/results and the report anew. A whole run does so by itself, unless it is a quick one.</summary>
    public bool Report { get; init; }

    /// <summary>Few runs and small sizes: shows that the instrument works, not where we stand.</summary>
    public bool Quick { get; init; }

    public int? AskedRuns { get; init; }

    /// <summary>Of one thing; at least.</summary>
    public int Runs => AskedRuns ?? (Quick ? QuickRuns : UsualRuns);

    /// <summary>Of generated services, in files of twelve methods.</summary>
    public IReadOnlyList<int>? Sizes { get; init; }

    /// <summary>Of the actors of a change-over: idle, busy, few (are busy).</summary>
    public IReadOnlyList<string>? Loads { get; init; }

    /// <summary>Of a case's repeated thing: reloads, actors.</summary>
    public int? Count { get; init; }

    /// <exception cref="BenchException">With the usage.</exception>
    public static BenchOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new BenchOptions();
        for (var i = 0; i < arguments.Count; i++)
        {
            options = arguments[i] switch
            {
                "--json" => options with { Json = true },
                "--report" => options with { Report = true },
                "--quick" => options with { Quick = true },
                "--runs" => options with { AskedRuns = Number(arguments, ++i) },
                "--count" => options with { Count = Number(arguments, ++i) },
                "--sizes" => options with { Sizes = [.. (arguments.ElementAtOrDefault(++i) ?? "").Split(',').Select((_, part) => Number(arguments[i].Split(','), part))] },
                "--loads" => options with { Loads = [.. (arguments.ElementAtOrDefault(++i) ?? "").Split(',').Select(Load)] },
                ['-', ..] => throw new BenchException($"\"{arguments[i]}\" is not an option: --json, --quick, --report, --runs N, --count N, --sizes N,N, --loads idle,busy,few"),
                _ => options with { Cases = [.. options.Cases, arguments[i]] },
            };
        }

        return options with { Report = options.Report || (options.Cases.Count == 0 && !options.Quick && !options.Json) };
    }

    private static string Load(string load) => load is "idle" or "busy" or "few" ? load : throw new BenchException($"\"{load}\" is not a load: idle, busy, few");

    private static int Number(IReadOnlyList<string> arguments, int at) =>
        int.TryParse(arguments.ElementAtOrDefault(at), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new BenchException($"\"{arguments.ElementAtOrDefault(at)}\" is not a number above 0.");
}
