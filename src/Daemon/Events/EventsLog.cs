using Microsoft.Extensions.Logging;

namespace WatchReload.Daemon.Events;

internal static partial class EventsLog
{
    [LoggerMessage(4960, LogLevel.Error, "Events cannot be told by {Sink}; the work goes on without, and they are told again when that is possible")]
    public static partial void SinkFails(ILogger log, Exception cause, string sink);
}
