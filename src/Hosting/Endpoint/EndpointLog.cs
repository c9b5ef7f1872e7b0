using Microsoft.Extensions.Logging;

namespace WatchReload.Hosting.Endpoint;

/// <summary>Event ids 2800 to 2899.</summary>
internal static partial class EndpointLog
{
    [LoggerMessage(2800, LogLevel.Information, "Reload {Id}: release {Release} asked for by {Cause}.")]
    public static partial void ReloadAsked(ILogger log, string id, string release, string cause);

    [LoggerMessage(2807, LogLevel.Information, "Reload {Id}: a delta on top of release {Release} asked for by {Cause}.")]
    public static partial void DeltaAsked(ILogger log, string id, string release, string cause);

    [LoggerMessage(2801, LogLevel.Warning, "Refused a malformed reload: {Problems}")]
    public static partial void BadRequest(ILogger log, string problems);

    [LoggerMessage(2802, LogLevel.Information, "Reload {Id}: decided, {Decision}.")]
    public static partial void Decided(ILogger log, string id, string decision);

    [LoggerMessage(2803, LogLevel.Information, "Reload {Id}: given up before it began; who asked for it is gone.")]
    public static partial void GivenUp(ILogger log, string id);

    [LoggerMessage(2804, LogLevel.Information, "Reload {Id}: finished; who asked for it is gone, status has the outcome.")]
    public static partial void FinishedUnseen(ILogger log, string id);

    [LoggerMessage(2806, LogLevel.Warning, "The metrics are on the pipe alone: port {Port} of the loopback interface cannot be had: {Cause}")]
    public static partial void NoMetricsPort(ILogger log, int port, string cause);

    [LoggerMessage(2805, LogLevel.Error, "Reload {Id}: failed by a defect.")]
    public static partial void Failed(ILogger log, Exception exception, string id);
}
