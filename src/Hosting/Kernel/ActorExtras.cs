namespace WatchReload.Hosting.Kernel;

/// <summary>What most actors never need.</summary>
internal sealed class ActorExtras
{
    public ActorTimers? Timers;
    public CancellationTokenSource? Stopping;
    public Queue<long>? Failures;
    private OwedReplies? _owed;

    /// <summary>Why the actor is parked, and since when.</summary>
    public (string Reason, DateTimeOffset Since)? Parked;

    /// <summary>Its policy would have it go on, or end: only as the version is on trial it is parked.</summary>
    public bool ParkedUntilTrialEnds;

    /// <summary>On whose behalf it was asked to stop.</summary>
    public Client? StoppedBy;

    /// <summary>Actors that this one watches; used in turns only.</summary>
    public Dictionary<long, WatchEntry>? Watching;

    /// <summary>Under the lock on this object, as others add to them.</summary>
    public HashSet<WatchEntry>? Watchers;
    public HashSet<ActorCell>? Links;
    public bool Closed;

    public OwedReplies Owed => _owed ?? Interlocked.CompareExchange(ref _owed, new OwedReplies(), null) ?? _owed;
}

/// <summary>One actor's wish to know of another's end.</summary>
internal sealed class WatchEntry(ActorCell watcher)
{
    public ActorCell Watcher { get; } = watcher;

    public bool Active { get; set; } = true;
}
