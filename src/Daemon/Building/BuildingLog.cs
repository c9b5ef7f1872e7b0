using Microsoft.Extensions.Logging;

namespace WatchReload.Daemon.Building;

internal static partial class BuildingLog
{
    [LoggerMessage(4200, LogLevel.Information, "Builder started, pid {Pid}; its log is {Path}")]
    public static partial void Started(ILogger log, int pid, string path);

    [LoggerMessage(4201, LogLevel.Information, "Builder {Pid} is replaced: {Reason}")]
    public static partial void Replacing(ILogger log, int pid, string reason);

    [LoggerMessage(4202, LogLevel.Warning, "Builder {Pid} reported nothing for {Seconds:0.#} s, at {Activity} of {Project}; killed")]
    public static partial void Hung(ILogger log, int pid, string activity, string? project, double seconds);

    [LoggerMessage(4203, LogLevel.Warning, "Builder {Pid} is lost, exit code {ExitCode}: {Cause}")]
    public static partial void Lost(ILogger log, int pid, int exitCode, string cause);

    [LoggerMessage(4204, LogLevel.Warning, "Builder {Pid} does not stop a cancelled build; killed")]
    public static partial void DoesNotStop(ILogger log, int pid);

    [LoggerMessage(4205, LogLevel.Warning, "The builder could not be warmed up: {Cause}")]
    public static partial void WarmUpFailed(ILogger log, string cause);

    [LoggerMessage(4206, LogLevel.Warning, "Builder {Pid} does not end; killed")]
    public static partial void DoesNotEnd(ILogger log, int pid);

    [LoggerMessage(4207, LogLevel.Warning, "Builder {Pid} gives no answer that can be used; killed: {Cause}")]
    public static partial void NoAnswer(ILogger log, int pid, string cause);

    [LoggerMessage(4209, LogLevel.Information, "Builder {Pid} uses {Megabytes} MiB: {Next}, which was made ready beside it, has its place")]
    public static partial void Renewed(ILogger log, int pid, long megabytes, int next);

    [LoggerMessage(4210, LogLevel.Warning, "The builder is too large, and another could not be made ready: {Cause}")]
    public static partial void NotRenewed(ILogger log, string cause);

    [LoggerMessage(4208, LogLevel.Warning, "What builder {Pid} left cannot be removed, {Path}: {Cause}")]
    public static partial void TraceStays(ILogger log, int pid, string path, string cause);

    [LoggerMessage(4211, LogLevel.Information, "Builder {Pid}, which was made ready beside one that was too large, has its place; that one has ended meanwhile")]
    public static partial void TookOver(ILogger log, int pid);
}
