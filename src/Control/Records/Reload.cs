using System.Text.Json.Serialization;

namespace WatchReload.Control;

/// <summary>The body of <c>POST /v1/reload</c>.</summary>
public sealed record ReloadRequest
{
    public required string Release { get; init; }

    /// <summary>Absolute path of the release directory; must lie in the node's state directory.</summary>
    public required string Directory { get; init; }

    /// <summary>SHA-256 of the bytes of release.json.</summary>
    public required string ManifestHash { get; init; }

    /// <summary>The node instance and version that this reload replaces; another one is a refusal.</summary>
    public required string ExpectInstance { get; init; }
    public required int ExpectVersion { get; init; }

    /// <summary>Only grows; a request with one that the node has seen, or a lower one, is refused.</summary>
    public required long Fence { get; init; }

    /// <summary>watch, run, reload, pull, hook, rollback, probation, warmup.</summary>
    public required string Cause { get; init; }

    /// <summary>An older release under a new version number: mappings may narrow, <c>Downgrade</c> is used.</summary>
    public bool Rollback { get; init; }

    /// <summary>Load even if the content is what runs already.</summary>
    public bool Force { get; init; }

    /// <summary>Refuse instead of letting an actor be late.</summary>
    public bool RefuseStragglers { get; init; }

    [JsonRequired]
    public double ProbationSeconds { get; init; } = 30;

    /// <summary>Applied to what is loaded, of which <see cref="Release"/> is the newest release before; null: the release itself is loaded.</summary>
    public TreeDelta? Delta { get; init; }
}

public enum ReloadVerdict
{
    Committed,
    Unchanged,
    Superseded,
    Refused,

    /// <summary>Committed, then taken back because CodeChange or a listener failed.</summary>
    TakenBack,

    /// <summary>A rehearsal that would have been committed.</summary>
    Rehearsed,
}

/// <summary>Milliseconds of one phase: apply (of deltas), load, plan, warmup, prepare, gate, commit, sweep, codechange.</summary>
public sealed record ReloadPhase(string Name, double Milliseconds);

/// <summary>The outcome of one reload, as the node saw it.</summary>
public sealed record ReloadReport
{
    /// <summary>A delta that was not taken, with nothing touched: the tree comes as a release, whose verdict counts. For the node's own counts.</summary>
    [JsonIgnore]
    public bool IsFollowed { get; init; }

    public required ReloadVerdict Verdict { get; init; }
    public string? Release { get; init; }

    /// <summary>The version that serves now.</summary>
    public int Version { get; init; }

    public int PreviousVersion { get; init; }
    public Guid? Mvid { get; init; }
    public IReadOnlyList<ReloadPhase> Phases { get; init => field = value ?? []; } = [];

    /// <summary>How long no turn could start, at the longest: of several closings of the gate that of one, as turns go on between.</summary>
    public double GateMs { get; init; }

    /// <summary>How often the gate was closed.</summary>
    public int GateClosings { get; init; }

    /// <summary>Actors that changed over, late ones not counted.</summary>
    public int Mapped { get; init; }

    /// <summary>Actors that did not change over with the others; at most <see cref="ActorNotice.MostNamed"/> of them.</summary>
    public IReadOnlyList<ActorNotice> Late { get; init => field = value ?? []; } = [];

    /// <summary>All of them, also those that <see cref="Late"/> does not name.</summary>
    public int LateCount { get => Math.Max(field, Late.Count); init; }

    /// <summary>Actors that run no turns; at most <see cref="ActorNotice.MostNamed"/> of them.</summary>
    public IReadOnlyList<ActorNotice> Parked { get; init => field = value ?? []; } = [];

    /// <summary>All of them, also those that <see cref="Parked"/> does not name.</summary>
    public int ParkedCount { get => Math.Max(field, Parked.Count); init; }

    /// <summary>yes, lossy, no.</summary>
    public string Reversible { get; init => field = value ?? "yes"; } = "yes";

    /// <summary>Why it is not yes: what a rollback would not bring back, by path, and why.</summary>
    public IReadOnlyList<string> Losses { get; init => field = value ?? []; } = [];

    /// <summary>Why it was refused or taken back; all causes together, each with its remedy. Committed: what does not work although it serves, such as a hosted service that did not start.</summary>
    public IReadOnlyList<string> Problems { get; init => field = value ?? []; } = [];

    /// <summary>Refused by circumstances that may pass (a port in use, a time-out, a late actor), which say nothing of the release: it may be tried again.</summary>
    public bool Transient { get; init; }

    /// <summary>Removed members, mutable statics, listeners that wait for the end of probation.</summary>
    public IReadOnlyList<string> Warnings { get; init => field = value ?? []; } = [];
}

/// <summary>An actor worth naming in a report.</summary>
/// <param name="Actor">Its name, or its id.</param>
/// <param name="Behavior">Full type name.</param>
/// <param name="Reason">Why it is late or parked.</param>
/// <param name="Since">Since when.</param>
public sealed record ActorNotice(string Actor, string Behavior, string Reason, DateTimeOffset Since)
{
    /// <summary>So many are named in one list; all are counted beside it. A reload of a busy node may leave a million actors late, and to name these would take longer than the reload.</summary>
    public const int MostNamed = 1000;
}

/// <summary>One line of the answer to <c>POST /v1/reload</c>: a phase that ended, that it is held, or the report, which is the last.</summary>
public sealed record ReloadEvent
{
    public ReloadPhase? Phase { get; init; }

    /// <summary>Prepared without a problem: it waits to be committed or aborted. That a preparation has ended does not say so, as it may have been in vain.</summary>
    public bool Held { get; init; }
    public ReloadReport? Report { get; init; }
}
