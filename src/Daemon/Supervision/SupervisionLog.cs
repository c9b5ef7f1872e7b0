using Microsoft.Extensions.Logging;

namespace WatchReload.Daemon.Supervision;

internal static partial class SupervisionLog
{
    [LoggerMessage(4920, LogLevel.Information, "Node {Node} starts as pid {Pid} on {Release}")]
    public static partial void Starting(ILogger log, string node, int pid, string release);

    [LoggerMessage(4921, LogLevel.Warning, "{File} is damaged: {Cause}")]
    public static partial void StartFailureUnreadable(ILogger log, string file, string cause);

    [LoggerMessage(4922, LogLevel.Warning, "Node {Node} (pid {Pid}) did not stop within {Seconds} s and is killed")]
    public static partial void Killing(ILogger log, string node, int pid, double seconds);

    [LoggerMessage(4923, LogLevel.Warning, "Node {Node} could not be asked to stop: {Cause}")]
    public static partial void StopNotTaken(ILogger log, string node, string cause);

    [LoggerMessage(4925, LogLevel.Warning, "Node {Node} cannot start on {Failed} and is started on {Instead} instead")]
    public static partial void FallsBack(ILogger log, string node, string failed, string instead);

    [LoggerMessage(4926, LogLevel.Error, "Node {Node} could not be started again; it is tried anew")]
    public static partial void ReviveFailed(ILogger log, Exception cause, string node);

    [LoggerMessage(4927, LogLevel.Error, "Node {Node} serves again, which could not be remembered")]
    public static partial void RevivedNotRemembered(ILogger log, Exception cause, string node);

    [LoggerMessage(4928, LogLevel.Warning, "What node {Node} is started on when its newest release does not start could not be written down: {Cause}")]
    public static partial void FallbackNotWritten(ILogger log, string node, string cause);

    [LoggerMessage(4924, LogLevel.Error, "The guard of node {Node} failed")]
    public static partial void GuardFailed(ILogger log, Exception defect, string node);
}
