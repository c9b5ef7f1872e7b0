using WatchReload.Daemon.Events;

namespace WatchReload.Daemon.Cli;

/// <summary>What the command's exit code says. Scripts go by these: never renumber.</summary>
internal static class ExitCode
{
    /// <summary>Done, or nothing to do.</summary>
    public const int Done = 0;

    /// <summary>A defect in WatchReload.</summary>
    public const int Defect = 1;

    /// <summary>Wrong usage or configuration.</summary>
    public const int Usage = 2;

    public const int BuildFailed = 3;

    /// <summary>The node refused, or took it back; it serves the code from before.</summary>
    public const int Refused = 4;

    public const int GitRefused = 5;

    public const int NoNode = 6;

    /// <summary>
    /// Something passes that is neither the usage nor the configuration: a disk that is full, a lock that another holds for too long. Unlike
    /// <see cref="Usage"/>, over which a supervisor gives up, it is worth another start.
    /// </summary>
    public const int Circumstances = NoNode;

    public const int Interrupted = 130;

    /// <summary>The exit code of an attempt whose last event this is.</summary>
    public static int Of(DaemonEvent verdict) => verdict switch
    {
        ReloadCommitted or ReloadUnchanged or ReloadRehearsed or NodeStarted or NodeAdopted or BuildFinished => Done,
        RollbackFinished { Verdict: "committed" or "unchanged" or "rehearsed" } => Done,
        RollbackFinished { Verdict: "unknown" or "noNode" } => NoNode,
        Events.BuildFailed => BuildFailed,
        Events.GitRefused => GitRefused,
        NodeExited { Problems.Count: 0 } => NoNode,
        ReloadRefused { Unknown: true } => NoNode,
        ReloadRefused { NoSuchRelease: true } => Usage,
        _ => Refused,
    };
}
