using System.Globalization;
using System.Text.Json.Serialization;

namespace WatchReload.Bench.Results;

/// <summary>What one case gave, with every single value.</summary>
internal sealed record CaseResult
{
    public required string Case { get; init; }

    /// <summary>UTC.</summary>
    public required DateTimeOffset Started { get; init; }
    public double Seconds { get; init; }
    public required Machine.MachineFacts Machine { get; init; }

    /// <summary>Milliseconds of a fixed piece of work, before and after: how fast the machine was meanwhile.</summary>
    public IReadOnlyList<double> YardstickBefore { get; init; } = [];
    public IReadOnlyList<double> YardstickAfter { get; init; } = [];

    /// <summary>Of the last minute, before the case: more than a few tenths mean that something else was running.</summary>
    public double LoadBefore { get; init; }
    public int Runs { get; init; }

    /// <summary>A part of the case: these sizes alone. Null: all of it.</summary>
    public IReadOnlyList<int>? Sizes { get; init; }

    /// <summary>A part of the case: actors under these loads alone. Null: all of it.</summary>
    public IReadOnlyList<string>? Loads { get; init; }

    /// <summary>What of the case was measured: sizes, then loads. Null: all of it.</summary>
    [JsonIgnore]
    public IReadOnlyList<string>? Part => Sizes is null && Loads is null ? null : [.. (Sizes ?? []).Select(size => size.ToString(CultureInfo.InvariantCulture)), .. Loads ?? []];
    public IReadOnlyList<Row> Rows { get; init; } = [];
    public IReadOnlyList<Curve> Curves { get; init; } = [];
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Why it did not come to its end; what was measured until then is here.</summary>
    public string? GivenUp { get; init; }

    /// <summary>What the case should have measured and did not, with the reason.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>What the parts of a case give together: of each row the latest.</summary>
    public static CaseResult Together(IEnumerable<CaseResult> parts)
    {
        var ordered = parts.OrderBy(p => p.Started).ToArray();
        var latest = ordered[^1];
        return latest with
        {
            Sizes = null,
            Loads = null,
            Seconds = ordered.Sum(p => p.Seconds),
            YardstickBefore = [.. ordered.SelectMany(p => p.YardstickBefore)],
            YardstickAfter = [.. ordered.SelectMany(p => p.YardstickAfter)],
            LoadBefore = ordered.Max(p => p.LoadBefore),
            Runs = ordered.Min(p => p.Runs),
            Rows = [.. ordered.SelectMany(p => p.Rows).GroupBy(r => r.Id).Select(same => same.Last())],
            Curves = [.. ordered.SelectMany(p => p.Curves).GroupBy(c => (c.Chart, c.Name)).Select(same => same.Last())],
            Notes = [.. ordered.SelectMany(p => p.Notes).Distinct()],
            GivenUp = ordered.Select(p => p.GivenUp).OfType<string>().LastOrDefault(),
            Missing = [.. ordered.SelectMany(p => p.Missing).Distinct()],
        };
    }
}

/// <summary>One thing that was measured, of one or several peers.</summary>
/// <param name="Id">Stable: what aims refer to.</param>
/// <param name="What">For people.</param>
/// <param name="Unit">ms, s, MB, bytes, /s, or empty for plain counts.</param>
/// <param name="HigherIsBetter">Rates.</param>
/// <param name="Values">By peer, in the order of the runs.</param>
internal sealed record Row(string Id, string What, string Unit, bool HigherIsBetter, IReadOnlyDictionary<string, IReadOnlyList<double>> Values)
{
    /// <summary>A count is told as its sum over all runs.</summary>
    [JsonIgnore]
    public bool IsCount => Unit.Length == 0;
}

/// <summary>Something over time, or over size.</summary>
/// <param name="Points">x and y.</param>
internal sealed record Curve(string Chart, string Name, string X, string Y, IReadOnlyList<IReadOnlyList<double>> Points);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CaseResult))]
internal sealed partial class ResultJson : JsonSerializerContext;
