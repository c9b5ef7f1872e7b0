using Microsoft.Extensions.Logging;

namespace WatchReload.Daemon.Delivery;

internal static partial class DeliveryLog
{
    [LoggerMessage(1399, LogLevel.Warning, "Node {Node} did not take a delta, and a release is built: {Problem}")]
    public static partial void DeltaRefused(ILogger log, string node, string problem);

    [LoggerMessage(4600, LogLevel.Information, "Release {Release} goes to {Nodes}, cause {Cause}")]
    public static partial void Delivering(ILogger log, string release, string nodes, string cause);

    [LoggerMessage(4601, LogLevel.Warning, "Whether version {Version} of node {Node} was unloaded is not known: {Cause}")]
    public static partial void NotFollowed(ILogger log, string node, int version, string cause);

    [LoggerMessage(4603, LogLevel.Warning, "How trials of node {Node} end will not be told: {Cause}")]
    public static partial void TrialsNotFollowed(ILogger log, string node, string cause);

    [LoggerMessage(4604, LogLevel.Error, "How the trial of version {Version} of node {Node} ended could not be told")]
    public static partial void TrialEndNotTold(ILogger log, Exception cause, string node, int version);

    [LoggerMessage(4605, LogLevel.Warning, "The release of what deltas have brought is owed still, and is tried again: {Cause} {Remedy}")]
    public static partial void ReleaseStillOwed(ILogger log, string cause, string remedy);

    [LoggerMessage(4602, LogLevel.Error, "What follows a delivery failed")]
    public static partial void AftermathFailed(ILogger log, Exception defect);
}
