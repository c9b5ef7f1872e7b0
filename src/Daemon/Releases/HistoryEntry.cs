using System.Text.Json.Serialization;

namespace WatchReload.Daemon.Releases;

/// <summary>One attempt to bring new code to a node, or to all of them.</summary>
internal sealed record HistoryEntry
{
    /// <summary>When it began.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>watch, run, reload, pull, hook, rollback, probation, restart, crash; start: a node was found to serve that.</summary>
    public required string Cause { get; init; }

    /// <summary>committed, unchanged, superseded, refused, takenBack, trialFailed, unknown, rehearsed, started, buildFailed, gitRefused, notTried.</summary>
    public required string Verdict { get; init; }

    /// <summary>Null: it did not come to any node.</summary>
    public string? Node { get; init; }

    /// <summary>Circumstances ended it, and say nothing of the code.</summary>
    public bool Transient { get; init; }

    /// <summary>It would have changed nothing.</summary>
    public bool Rehearsed { get; init; }
    public string? Release { get; init; }
    public string? ContentHash { get; init; }
    public string? Commit { get; init; }
    public bool Clean { get; init; }
    public string? By { get; init; }
    public string? Lane { get; init; }
    public string? LaneReason { get; init; }

    /// <summary>The version that served afterwards.</summary>
    public int? Version { get; init; }
    public double? BuildMs { get; init; }
    public double? ReloadMs { get; init; }
    public double? TotalMs { get; init; }

    /// <summary>Why not: the first compile errors, or the node's problems.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(HistoryEntry))]
internal sealed partial class HistoryJson : JsonSerializerContext;
