using Microsoft.Extensions.Logging;

namespace WatchReload.Daemon.Watching;

internal static partial class WatchLog
{
    [LoggerMessage(4000, LogLevel.Warning, "File system events were lost ({Reason}); comparing the whole tree")]
    public static partial void EventsLost(this ILogger log, string reason);

    [LoggerMessage(4001, LogLevel.Warning, "The file system watcher does not answer; starting another one and comparing the whole tree")]
    public static partial void WatcherRestarted(this ILogger log);

    [LoggerMessage(4002, LogLevel.Warning, "No file system events come from {Root}; looking every {Interval} instead")]
    public static partial void PollingStarted(this ILogger log, string root, TimeSpan interval);

    [LoggerMessage(4003, LogLevel.Information, "File system events come from {Root} again")]
    public static partial void PollingEnded(this ILogger log, string root);

    [LoggerMessage(4004, LogLevel.Warning, "{Cause}. {Remedy}. Until then the tree is looked at every {Interval}")]
    public static partial void LimitReached(this ILogger log, string cause, string remedy, TimeSpan interval);

    [LoggerMessage(4005, LogLevel.Warning, "Changes wait because git is in the middle of something ({BusyWith}) for {Seconds:0} s now. If no git runs, finish or abort it; a left-over lock file can be deleted")]
    public static partial void HeldByGit(this ILogger log, string busyWith, double seconds);

    [LoggerMessage(4006, LogLevel.Warning, "{Path} cannot be read; check its permissions")]
    public static partial void Unreadable(this ILogger log, string path);

    [LoggerMessage(4007, LogLevel.Debug, "Changed: {Count} files ({Reason})")]
    public static partial void Changed(this ILogger log, int count, string reason);

    [LoggerMessage(4008, LogLevel.Warning, "{Path} cannot be watched: {Cause}")]
    public static partial void CannotWatch(this ILogger log, string path, string cause);

    [LoggerMessage(4009, LogLevel.Information, "{Root} lies on {FileSystem}, which sends no events of what is written elsewhere; looking every {Interval} as well")]
    public static partial void Shared(this ILogger log, string root, string fileSystem, TimeSpan interval);

    [LoggerMessage(4010, LogLevel.Warning, "{Path} changed without an event, and it is not the first: it is written to from elsewhere. Looking every {Interval} as well")]
    public static partial void Unreported(this ILogger log, string path, TimeSpan interval);

    [LoggerMessage(4011, LogLevel.Warning, "{Path} is not UTF-8; the compiler guesses its encoding. Save it as UTF-8")]
    public static partial void NotUtf8(this ILogger log, string path);
}
