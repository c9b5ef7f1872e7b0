using WatchReload.Control;

namespace WatchReload.Daemon.Events;

internal sealed record ReloadCommitted(string Node, int Version, string Release) : DaemonEvent
{
    public int PreviousVersion { get; init; }
    public string? Commit { get; init; }
    public Guid? Mvid { get; init; }
    public string? Lane { get; init; }
    public string? LaneReason { get; init; }

    /// <summary>Of the build; absent when a release was delivered that was there already.</summary>
    public double? BuildMs { get; init; }

    /// <summary>From the change, or the request, to the node's report.</summary>
    public double TotalMs { get; init; }
    public IReadOnlyList<ReloadPhase> Phases { get; init; } = [];

    /// <summary>How long no turn could start, at the longest: of one closing of the gate.</summary>
    public double GateMs { get; init; }
    public int GateClosings { get; init; }

    /// <summary>Actors that changed over.</summary>
    public int Mapped { get; init; }
    public IReadOnlyList<ActorNotice> Late { get; init; } = [];

    /// <summary>All of them, also those that <see cref="Late"/> does not name.</summary>
    public int LateCount { get => Math.Max(field, Late.Count); init; }
    public IReadOnlyList<ActorNotice> Parked { get; init; } = [];

    /// <summary>All of them, also those that <see cref="Parked"/> does not name.</summary>
    public int ParkedCount { get => Math.Max(field, Parked.Count); init; }
    public string Reversible { get; init; } = "yes";

    /// <summary>Why it is not <c>yes</c>: what a rollback would not bring back.</summary>
    public IReadOnlyList<string> Losses { get; init; } = [];
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>The content is what the node runs already.</summary>
internal sealed record ReloadUnchanged(string Node, int Version, string? Release) : DaemonEvent;

/// <summary>A rehearsal that would have been committed.</summary>
internal sealed record ReloadRehearsed(string Node, int Version, string Release) : DaemonEvent
{
    public IReadOnlyList<ReloadPhase> Phases { get; init; } = [];
    public int Mapped { get; init; }
    public string Reversible { get; init; } = "yes";

    /// <summary>Why it is not <c>yes</c>: what a rollback would not bring back.</summary>
    public IReadOnlyList<string> Losses { get; init; } = [];
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>A newer one is done instead.</summary>
/// <param name="Cause">Of the one that is not done.</param>
/// <param name="By">Cause of the newer one.</param>
internal sealed record ReloadSuperseded(string Cause, string By) : DaemonEvent;

/// <param name="Version">That serves; 0 when it is not known.</param>
/// <param name="Problems">Every cause, each with its remedy.</param>
internal sealed record ReloadRefused(string Node, int Version, string? Release, IReadOnlyList<string> Problems) : DaemonEvent
{
    /// <summary>Committed at first, then taken back: CodeChange or a listener failed, or too many actors on trial.</summary>
    public bool TakenBack { get; init; }

    /// <summary>The node died on it: what serves is another process, with fresh states.</summary>
    public bool Died { get; init; }

    /// <summary>The connection to the node was lost; what became of the reload could not be learned.</summary>
    public bool Unknown { get; init; }

    /// <summary>The release that was asked for is not kept; no node was asked.</summary>
    public bool NoSuchRelease { get; init; }

    /// <summary>Circumstances that may pass (a port in use, a time-out, a late actor) and say nothing of the code: it may be tried again.</summary>
    public bool Transient { get; init; }

    /// <summary>It was not even tried: deploys are frozen, or what is known of the commit speaks against it.</summary>
    public bool NotTried { get; init; }
    public IReadOnlyList<ReloadPhase> Phases { get; init; } = [];
}

/// <summary>Too many actors failed on trial, but there is no way back without loss: the version serves on.</summary>
internal sealed record TrialFailed(string Node, int Version, string Release, IReadOnlyList<string> Problems) : DaemonEvent;

internal sealed record VersionUnloaded(string Node, int Version) : DaemonEvent;

internal sealed record VersionLingering(string Node, int Version, IReadOnlyList<string> Holders) : DaemonEvent
{
    /// <summary>All of them, also those that <see cref="Holders"/> does not name.</summary>
    public int HolderCount { get => Math.Max(field, Holders.Count); init; }
}

/// <param name="From">The release that serves.</param>
internal sealed record RollbackStarted(string? From, string To, string? By) : DaemonEvent;

/// <param name="Verdict">committed, unchanged, rehearsed, refused, takenBack, superseded; unknown: the connection was lost; noNode: none runs.</param>
internal sealed record RollbackFinished(string To, string Verdict) : DaemonEvent
{
    public int Version { get; init; }
}
