using Microsoft.Extensions.Logging;

namespace WatchReload.Hosting.Tcp;

internal static partial class TcpLog
{
    [LoggerMessage(2600, LogLevel.Information, "{Listener} listens on {Endpoint}")]
    public static partial void Listening(ILogger logger, string listener, string endpoint);

    [LoggerMessage(2601, LogLevel.Information, "{Listener} no longer listens on {Endpoint}")]
    public static partial void Unbound(ILogger logger, string listener, string endpoint);

    [LoggerMessage(2602, LogLevel.Warning, "{Listener} could not take up a connection; it goes on listening")]
    public static partial void AcceptFailed(ILogger logger, Exception cause, string listener);
}
