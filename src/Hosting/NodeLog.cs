using Microsoft.Extensions.Logging;

namespace WatchReload.Hosting;

internal static partial class NodeLog
{
    [LoggerMessage(2900, LogLevel.Information, "Node {Node} stops. Asked to end: connections {Connections}, actors {Actors}")]
    public static partial void Stopping(ILogger logger, string node, int connections, int actors);

    [LoggerMessage(2901, LogLevel.Information, "Node {Node} has stopped. Actors that had not ended: {Left}")]
    public static partial void Stopped(ILogger logger, string node, int left);

    [LoggerMessage(2902, LogLevel.Warning, "The node ended while release {Release} was on trial: it is marked bad, and the node starts on {Current}")]
    public static partial void DiedOnTrial(ILogger logger, string release, string current);

    [LoggerMessage(2903, LogLevel.Warning, "Threads of this process's pool end when they are idle: {EndBy}. A thread that ends after it ran code of a version that is gone can destroy statics of the version that serves, and end the process with it")]
    public static partial void PoolThreadsEnd(ILogger logger, string endBy);

    [LoggerMessage(2904, LogLevel.Warning, "How node {Node} ends cannot be written down, so whoever took it up starts it again: {Cause}")]
    public static partial void EndNotWritten(ILogger logger, string node, string cause);
}
