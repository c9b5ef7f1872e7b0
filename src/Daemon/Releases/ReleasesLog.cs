using Microsoft.Extensions.Logging;

namespace WatchReload.Daemon.Releases;

internal static partial class ReleasesLog
{
    [LoggerMessage(4400, LogLevel.Information, "Staged release {Release} in {Milliseconds:0} ms: {Files} files, package set {Packages}")]
    public static partial void Staged(this ILogger log, string release, double milliseconds, int files, string? packages);

    [LoggerMessage(4401, LogLevel.Information, "Release {Release} already has this content, commit and source: nothing was staged")]
    public static partial void Kept(this ILogger log, string release);

    [LoggerMessage(4402, LogLevel.Warning, "Nothing was staged. {Cause} {Remedy}")]
    public static partial void NotStaged(this ILogger log, string cause, string remedy);

    [LoggerMessage(4403, LogLevel.Information, "Removed {Directory}, left behind by a process that ended while it worked there")]
    public static partial void LeftoverRemoved(this ILogger log, string directory);

    [LoggerMessage(4404, LogLevel.Warning, "{Path} cannot be removed: {Cause}")]
    public static partial void NotRemoved(this ILogger log, string path, string cause);

    [LoggerMessage(4405, LogLevel.Information, "Pruned {Releases} and {PackageSets} package sets; the newest {Keep} stay, and what nodes use")]
    public static partial void Pruned(this ILogger log, string releases, int packageSets, int keep);

    [LoggerMessage(4406, LogLevel.Warning, "Nothing is pruned: {Cause}")]
    public static partial void NotPruned(this ILogger log, string cause);

    [LoggerMessage(4407, LogLevel.Warning, "Release {Release} is damaged: {Cause}")]
    public static partial void Damaged(this ILogger log, string release, string cause);

    [LoggerMessage(4408, LogLevel.Warning, "The sequence of release ids was missing or unreadable; it goes on after the highest id found, {Last}")]
    public static partial void SequenceRestored(this ILogger log, long last);

    [LoggerMessage(4409, LogLevel.Warning, "Package set {Hash} was damaged on disk and is written again")]
    public static partial void PackageSetRepaired(this ILogger log, string hash);

    [LoggerMessage(4410, LogLevel.Warning, "The history could not be written, and lacks an attempt ({Verdict}): {Cause}")]
    public static partial void HistoryNotWritten(this ILogger log, string verdict, string cause);

    [LoggerMessage(4411, LogLevel.Warning, "The build log {Path} could not be written: {Cause}")]
    public static partial void BuildLogNotWritten(this ILogger log, string path, string cause);
}
