using Microsoft.Extensions.Logging;

namespace WatchReload.Hosting.Kernel;

internal static partial class KernelLog
{
    [LoggerMessage(2000, LogLevel.Error, "{Actor} ({Behavior}, version {Version}) failed on {What}; it keeps its state and goes on")]
    public static partial void TurnFailed(ILogger logger, Exception cause, string actor, string behavior, int version, string what);

    [LoggerMessage(2001, LogLevel.Error, "{Actor} ({Behavior}) is parked: {Reason}. Its state and mailbox are kept; the next reload tries again")]
    public static partial void Parked(ILogger logger, string actor, string behavior, string reason);

    [LoggerMessage(2002, LogLevel.Warning, "{Actor} ({Behavior}) failed {Count} times within {Within} and is {Outcome}")]
    public static partial void FailedTooOften(ILogger logger, string actor, string behavior, int count, TimeSpan within, string outcome);

    [LoggerMessage(2003, LogLevel.Error, "The node ends as {Actor} ({Behavior}) asks for with FailurePolicy.ExitNode")]
    public static partial void ExitNode(ILogger logger, string actor, string behavior);

    [LoggerMessage(2004, LogLevel.Error, "{Actor} ({Behavior}) failed while stopping; it is stopped all the same")]
    public static partial void StoppingFailed(ILogger logger, Exception cause, string actor, string behavior);

    [LoggerMessage(2005, LogLevel.Critical, "A defect in WatchReload struck {Actor} ({Behavior})")]
    public static partial void Defect(ILogger logger, Exception cause, string actor, string behavior);

    [LoggerMessage(2006, LogLevel.Error, "What {Actor} had registered on its cancellation failed")]
    public static partial void CancellationFailed(ILogger logger, Exception cause, string actor);
}
