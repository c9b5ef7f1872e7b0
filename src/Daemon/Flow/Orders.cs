using System.Text.Json.Serialization;
using WatchReload.Daemon.Git;

namespace WatchReload.Daemon.Flow;

/// <summary>What somebody wants done. Also the body of the daemon's routes, so that whoever has no daemon does the same by itself.</summary>
internal abstract record Order
{
    /// <summary>watch, run, reload, pull, hook, rollback, restart.</summary>
    public string Cause { get; init => field = value ?? "reload"; } = "reload";

    /// <summary>Who wants it.</summary>
    public string? By { get; init; }

    /// <summary>Everything up to the gate, then let go.</summary>
    public bool Rehearse { get; init; }

    /// <summary>Also what runs already, or is known to be bad.</summary>
    public bool Force { get; init; }

    /// <summary>Names; empty: all.</summary>
    public IReadOnlyList<string> Nodes { get; init => field = value ?? []; } = [];

    /// <summary>From a hook: the ref that was pushed.</summary>
    public string? Ref { get; init; }

    /// <summary>From a hook: the commit that was pushed.</summary>
    public string? Commit { get; init; }

    /// <summary>What came by git: a commit that is known not to work, or was rolled back from, is not brought again.</summary>
    [JsonIgnore]
    public bool IsPushed => this is PullOrder || Cause == "hook";
}

/// <summary>Build the tree as it is, and deliver. <c>POST /v1/reload</c>.</summary>
internal sealed record ReloadOrder : Order;

/// <summary>Pull, then the same. <c>POST /v1/pull</c>.</summary>
internal sealed record PullOrder : Order
{
    /// <summary>From polling: nothing is done about a commit that was tried before.</summary>
    public bool OnlyNew { get; init; }
}

/// <summary>
/// Build a commit whose push is not accepted yet, and rehearse it; what passes is deployed as it was built when the commit comes. <c>POST /v1/gate</c>.
/// </summary>
internal sealed record GateOrder : Order
{
    public required Quarantine Quarantine { get; init; }
}

/// <summary>Deliver a release that is there. <c>POST /v1/rollback</c>.</summary>
internal sealed record RollbackOrder : Order
{
    /// <summary>Id, number, or the beginning of an id or a commit; null: the one that served before.</summary>
    public string? Release { get; init; }
}

/// <summary>Build the tree as it is into a release, and deliver it to nobody. <c>POST /v1/build</c>.</summary>
internal sealed record BuildOrder : Order;

/// <summary>A new process for each node. <c>POST /v1/restart</c>.</summary>
internal sealed record RestartOrder : Order
{
    /// <summary>As of a rollback; null: what the node itself starts on.</summary>
    public string? Release { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, RespectNullableAnnotations = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(ReloadOrder))]
[JsonSerializable(typeof(PullOrder))]
[JsonSerializable(typeof(GateOrder))]
[JsonSerializable(typeof(RollbackOrder))]
[JsonSerializable(typeof(RestartOrder))]
[JsonSerializable(typeof(BuildOrder))]
internal sealed partial class OrderJson : JsonSerializerContext;
