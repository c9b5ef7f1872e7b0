namespace WatchReload.Daemon.Events;

internal sealed record NodeStarted(string Node, int Pid, int Version, string? Release) : DaemonEvent
{
    public string? Commit { get; init; }

    /// <summary>The newest release, on which it could not start; this is the one before.</summary>
    public string? FellBackFrom { get; init; }

    /// <summary>From the start of the process until it served.</summary>
    public double Milliseconds { get; init; }

    /// <summary>As bound, by listener.</summary>
    public IReadOnlyDictionary<string, string> Listeners { get; init; } = new Dictionary<string, string>();
}

/// <summary>A node that was running already is taken up.</summary>
internal sealed record NodeAdopted(string Node, int Pid, int Version, string? Release) : DaemonEvent
{
    public string? Commit { get; init; }
    public double UptimeSeconds { get; init; }
    public IReadOnlyDictionary<string, string> Listeners { get; init; } = new Dictionary<string, string>();
}

/// <param name="ExitCode">Null when it is not known: the node was taken up, not started here.</param>
/// <param name="RestartInMs">Null when it is not started again.</param>
internal sealed record NodeExited(string Node, int Pid, int? ExitCode, double? RestartInMs) : DaemonEvent
{
    /// <summary>Stopped in order, as somebody asked.</summary>
    public bool Ordered { get; init; }

    /// <summary>Why it could not start, each with its remedy.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];
}
