using System.Text.Json.Serialization;

namespace WatchReload.Bench.Load;

/// <summary>One line to the client. Every one is answered by one line with the same id; <c>seek</c> when it is over.</summary>
/// <param name="Do">
/// <c>connect</c> (endpoint, connections, names), <c>load</c> (rate), <c>pump</c> (depth), <c>quiesce</c> (seconds), <c>seek</c> (version, rate, seconds), <c>measure</c>
/// (windows), <c>counts</c>, <c>forget</c> (the samples and the longest outage so far).
/// </param>
internal sealed record LoadRequest(int Id, string Do)
{
    public string? Endpoint { get; init; }
    public int Connections { get; init; }
    public string Names { get; init; } = "c";
    public double Rate { get; init; }
    public int Depth { get; init; }
    public string? Version { get; init; }
    public double Seconds { get; init; } = 60;
    public IReadOnlyDictionary<string, IReadOnlyList<Span>> Windows { get; init; } = new Dictionary<string, IReadOnlyList<Span>>();
}

internal sealed record LoadAnswer(int Id)
{
    /// <summary>Why it could not be done.</summary>
    public string? Error { get; init; }
    public Counts? Counts { get; init; }
    public Found? Found { get; init; }
    public LatencyFigures? SendLag { get; init; }
    public IReadOnlyDictionary<string, LatencyFigures> Windows { get; init; } = new Dictionary<string, LatencyFigures>();
}

/// <summary>Times of <see cref="Clock"/>.</summary>
/// <param name="Complete">All connections have answered with the new text in time.</param>
/// <param name="First">0 when none has.</param>
internal sealed record Found(bool Complete, long Started, long LastOld, long First, long Last);

/// <summary>Milliseconds.</summary>
internal sealed record LatencyFigures(long Count, double P50, double P90, double P99, double P999, double Max)
{
    public static LatencyFigures Of(Histogram h) => new(
        h.Count, Clock.Milliseconds(h.Quantile(0.5)), Clock.Milliseconds(h.Quantile(0.9)), Clock.Milliseconds(h.Quantile(0.99)), Clock.Milliseconds(h.Quantile(0.999)), Clock.Milliseconds(h.Max));
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LoadRequest))]
[JsonSerializable(typeof(LoadAnswer))]
internal sealed partial class LoadJson : JsonSerializerContext;
