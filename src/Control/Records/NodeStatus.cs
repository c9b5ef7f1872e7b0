namespace WatchReload.Control;

/// <summary>The answer to <c>GET /v1/status</c>, and of <c>watchreload status --json</c>.</summary>
public sealed record NodeStatus
{
    public required string Node { get; init; }
    public required int Pid { get; init; }

    /// <summary>Names this run of the node process.</summary>
    public required string Instance { get; init; }

    /// <summary>0 while nothing is loaded.</summary>
    public required int Version { get; init; }
    public string? Release { get; init; }
    public string? Commit { get; init; }

    /// <summary>Whether what serves is <see cref="Commit"/> and nothing else; null while nothing is loaded.</summary>
    public bool? Clean { get; init; }
    public Guid? Mvid { get; init; }
    public int Connections { get; init; }
    public ActorCounts Actors { get; init => field = value ?? new(0, new Dictionary<string, int>()); } = new(0, new Dictionary<string, int>());

    /// <summary>Actors that are on an earlier version; at most <see cref="ActorNotice.MostNamed"/> of them.</summary>
    public IReadOnlyList<ActorNotice> Late { get; init => field = value ?? []; } = [];

    /// <summary>All of them, also those that <see cref="Late"/> does not name.</summary>
    public int LateCount { get => Math.Max(field, Late.Count); init; }

    /// <summary>Actors that run no turns; at most <see cref="ActorNotice.MostNamed"/> of them.</summary>
    public IReadOnlyList<ActorNotice> Parked { get; init => field = value ?? []; } = [];

    /// <summary>All of them, also those that <see cref="Parked"/> does not name.</summary>
    public int ParkedCount { get => Math.Max(field, Parked.Count); init; }

    /// <summary>Messages that reached nobody, since the node's start.</summary>
    public long DeadLetters { get; init; }

    /// <summary>The latest of them, the last one last; at most <see cref="DeadLetter.MostNamed"/>.</summary>
    public IReadOnlyList<DeadLetter> LastDeadLetters { get; init => field = value ?? []; } = [];
    public TrialStatus? Trial { get; init; }

    /// <summary>What does not work although the version serves: hosted services that did not start, a listener whose port was lost, a failed CodeChange without a way back; each with its cause.</summary>
    public IReadOnlyList<string> Problems { get; init => field = value ?? []; } = [];

    /// <summary>How the last trial ended; null when none has.</summary>
    public TrialEnd? LastTrial { get; init; }
    public string? SourceHash { get; init; }
    public string? ContentHash { get; init; }

    /// <summary>How many deltas have come since <see cref="Release"/>: 0 when the release is what serves.</summary>
    public int Deltas { get; init; }

    /// <summary>What deltas can be made against; null when the node takes none.</summary>
    public IReadOnlyList<LoadedAssembly>? Loaded { get; init; }
    public IReadOnlyList<OldVersion> OldVersions { get; init => field = value ?? []; } = [];
    public ReloadCounts Reloads { get; init => field = value ?? new(0, 0); } = new(0, 0);
    public double UptimeSeconds { get; init; }
    public IReadOnlyList<ListenerStatus> Listeners { get; init => field = value ?? []; } = [];

    /// <summary>Highest fence seen.</summary>
    public long Fence { get; init; }
}

/// <param name="ByBehavior">Full type name to live actors.</param>
public sealed record ActorCounts(int Total, IReadOnlyDictionary<string, int> ByBehavior);

/// <summary>A message that reached nobody. Text only: the message itself would hold its version.</summary>
/// <param name="Actor">Whom it was for.</param>
/// <param name="Message">Its full type name.</param>
/// <param name="Reason">Why it did not arrive.</param>
public sealed record DeadLetter(DateTimeOffset Time, string Actor, string Message, string Reason)
{
    /// <summary>So many are named.</summary>
    public const int MostNamed = 20;
}

/// <param name="Release">The release on trial.</param>
/// <param name="EndsInSeconds">Until probation ends.</param>
/// <param name="Failed">Distinct actors that failed since the commit.</param>
public sealed record TrialStatus(string Release, double EndsInSeconds, int Failed)
{
    /// <summary>How long it has been on trial.</summary>
    public double ForSeconds { get; init; }

    /// <summary>Turns that failed since the commit; several may be of one actor.</summary>
    public int Failures { get; init; }

    /// <summary>What <see cref="Failed"/> is compared with: the most distinct actors that failed in any time as long as <see cref="ForSeconds"/> of the ten minutes before the commit.</summary>
    public double Expected { get; init; }
}

/// <param name="State">unloaded, retiring, lingering, kept.</param>
/// <param name="Holders">What keeps it, as far as known; of actors, and of other things of a kind, at most <see cref="ActorNotice.MostNamed"/>.</param>
public sealed record OldVersion(int Version, string State, IReadOnlyList<string> Holders)
{
    /// <summary>All of them, also those that <see cref="Holders"/> does not name.</summary>
    public int HolderCount { get => Math.Max(field, Holders.Count); init; }
}

public sealed record ReloadCounts(int Committed, int Refused);

/// <param name="Endpoint">As bound: <c>127.0.0.1:7000</c>.</param>
public sealed record ListenerStatus(string Name, string Endpoint, int Connections);
