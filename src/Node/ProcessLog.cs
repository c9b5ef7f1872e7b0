using Microsoft.Extensions.Logging;

namespace WatchReload.Node;

internal static partial class ProcessLog
{
    [LoggerMessage(2950, LogLevel.Error, "Node {Node} does not start: {Problems}")]
    public static partial void NotStarted(ILogger logger, string node, string problems);

    [LoggerMessage(2951, LogLevel.Critical, "A defect in WatchReload ends node {Node}")]
    public static partial void Defect(ILogger logger, Exception cause, string node);

    [LoggerMessage(2952, LogLevel.Error, "An exception that nobody caught, on a thread or in an async void method of the service; the node goes on")]
    public static partial void Stray(ILogger logger, Exception cause);
}
