using Microsoft.Extensions.Logging;

namespace WatchReload.Builder;

internal static partial class BuilderLog
{
    [LoggerMessage(3000, LogLevel.Information, "Builder listens: {Place}")]
    public static partial void Started(ILogger log, string place);

    [LoggerMessage(3001, LogLevel.Information, "Standard input is closed: stopping")]
    public static partial void Stopping(ILogger log);

    [LoggerMessage(3002, LogLevel.Information, "SDK {Version} from {Directory}")]
    public static partial void SdkLoaded(ILogger log, string version, string directory);

    [LoggerMessage(3003, LogLevel.Information, "{Project}: {Lane} lane, {Result} in {Milliseconds:0} ms ({Reason})")]
    public static partial void Built(ILogger log, string project, Control.BuildLane lane, string result, double milliseconds, string reason);

    [LoggerMessage(3004, LogLevel.Information, "The compiler server has ended with {ExitCode}; the next build starts it again")]
    public static partial void CompilerServerEnded(ILogger log, int exitCode);

    [LoggerMessage(3005, LogLevel.Warning, "The compiler server of SDK {Version} failed")]
    public static partial void CompilerServerFailed(ILogger log, Exception exception, string version);

    [LoggerMessage(3006, LogLevel.Warning, "SDK {Version} has no compiler server that runs in the builder; each compilation is a process of its own, and slower")]
    public static partial void CompilerServerUnusable(ILogger log, string version);

    [LoggerMessage(3007, LogLevel.Error, "The build failed by a defect in the builder")]
    public static partial void BuildThrew(ILogger log, Exception exception);

    [LoggerMessage(3008, LogLevel.Information, "MSBuild is needed: {Doubt}")]
    public static partial void StaysCold(ILogger log, string doubt);

    [LoggerMessage(3009, LogLevel.Warning, "The compiler's calls could not be made again; MSBuild builds")]
    public static partial void ReplayThrew(ILogger log, Exception exception);

    [LoggerMessage(3012, LogLevel.Information, "Ready: edits of source files need no MSBuild")]
    public static partial void Ready(ILogger log);

    [LoggerMessage(3015, LogLevel.Information, "Proved; opened anew: {Opened} of {All} projects")]
    public static partial void Proved(ILogger log, int opened, int all);

    [LoggerMessage(3011, LogLevel.Warning, "The difference to what is loaded could not be made; a release is built")]
    public static partial void DeltaThrew(ILogger log, Exception exception);

    [LoggerMessage(3013, LogLevel.Information, "What the next build will ask for could not be made ahead")]
    public static partial void AnticipationThrew(ILogger log, Exception exception);

    [LoggerMessage(3010, LogLevel.Warning, "The compilations could not be made ready; MSBuild builds")]
    public static partial void ProofThrew(ILogger log, Exception exception);

    [LoggerMessage(3014, LogLevel.Warning, "What was to be broken off has thrown")]
    public static partial void CancellationThrew(ILogger log, Exception exception);

    [LoggerMessage(3016, LogLevel.Warning, "The compiler server of SDK {Version} is another than was known: it has garbage collected every half minute, and ends when nothing is built for ten minutes")]
    public static partial void CompilerServerCollects(ILogger log, Exception exception, string version);
}
