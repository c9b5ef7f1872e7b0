using Microsoft.Extensions.Logging;

namespace WatchReload.Service;

/// <summary>What the service logs; docs/protocol.md documents the lines of a code change.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Code change: the service went from version {From} to version {To}.")]
    public static partial void ServiceChanged(ILogger log, int from, int to);

    [LoggerMessage(2, LogLevel.Information, "Code change: the index went from version {From} to version {To} and tells {Connections} connections.")]
    public static partial void IndexChanged(ILogger log, int from, int to, int connections);

    [LoggerMessage(3, LogLevel.Information, "Code change: the connection of {Name} went from version {From} to version {To}.")]
    public static partial void ConnectionChanged(ILogger log, string? name, int from, int to);
}
