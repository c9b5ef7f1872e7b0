using WatchReload.Control;

namespace WatchReload.Daemon.Supervision;

/// <summary>How nodes are started.</summary>
/// <param name="State">Their state directory.</param>
/// <param name="Assembly">Absolute path of <c>WatchReload.Node.dll</c>.</param>
internal sealed record NodeLaunch(StateDirectory State, string Assembly)
{
    /// <summary>Standard output is for our own JSON: what a node prints goes to standard error.</summary>
    public bool StdoutToStderr { get; init; }

    /// <summary>The node runs from a copy of its program that is the state directory's own.</summary>
    public bool FromCopy { get; init; }

    /// <summary>It stays in the session that it is started in: it is the foreground.</summary>
    public bool Foreground { get; init; }

    /// <summary>How long a release that is not <c>current</c> is on trial.</summary>
    public TimeSpan Probation { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The node takes deltas, and keeps old versions in memory for it.</summary>
    public bool Deltas { get; init; }

    /// <summary>What it tells of its own reloads is not in its output.</summary>
    public bool Quiet { get; init; }

    /// <summary>All that it tells is in a file among the logs too.</summary>
    public bool KeepsLog { get; init; }

    /// <summary>From start to serving.</summary>
    public TimeSpan StartDeadline { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>From the request to stop to the end of the process; past it the process is killed.</summary>
    public TimeSpan StopDeadline { get; init; } = TimeSpan.FromSeconds(60);
}
