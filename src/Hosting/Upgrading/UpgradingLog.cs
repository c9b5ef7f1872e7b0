using Microsoft.Extensions.Logging;

namespace WatchReload.Hosting.Upgrading;

internal static partial class UpgradingLog
{
    [LoggerMessage(2200, LogLevel.Information, "Version {Version} of release {Release} serves. Actors changed over: {Mapped}, late: {Late}. Gate: {GateMs:0.00} ms")]
    public static partial void Committed(ILogger logger, int version, string release, int mapped, int late, double gateMs);

    [LoggerMessage(2201, LogLevel.Error, "Release {Release} is refused, version {Version} serves on: {Problem}")]
    public static partial void Refused(ILogger logger, string release, int version, string problem);

    [LoggerMessage(2221, LogLevel.Error, "Release {Release} is refused, and there is no version that serves: {Problem}")]
    public static partial void FirstRefused(ILogger logger, string release, string problem);

    [LoggerMessage(2202, LogLevel.Error, "The code change to version {Version} failed: {Problem}")]
    public static partial void CodeChangeFailed(ILogger logger, int version, string problem);

    [LoggerMessage(2203, LogLevel.Warning, "Release {Release} is taken back: {Reason}")]
    public static partial void TakingBack(ILogger logger, string release, string reason);

    [LoggerMessage(2204, LogLevel.Error, "Release {Release} is not taken back, as the way back would lose data: {Reason}")]
    public static partial void NotTakenBack(ILogger logger, string release, string reason);

    [LoggerMessage(2205, LogLevel.Information, "Release {Release} has passed its probation")]
    public static partial void ProbationPassed(ILogger logger, string release);

    [LoggerMessage(2214, LogLevel.Information, "Version {Version}, made by deltas, is release {Release}: a restart loads it")]
    public static partial void Released(ILogger logger, int version, string release);

    [LoggerMessage(2220, LogLevel.Warning, "A delta to release {Release} is not taken, version {Version} serves on: {Problem}")]
    public static partial void DeltaRefused(ILogger logger, string release, int version, string problem);

    [LoggerMessage(2215, LogLevel.Error, "Deltas to release {Release} were applied, and what they make cannot serve: {Problem}. The release is loaded anew")]
    public static partial void DeltaFailed(ILogger logger, string release, string problem);

    [LoggerMessage(2216, LogLevel.Debug, "Version {Version} is kept in memory, as the node takes deltas")]
    public static partial void Kept(ILogger logger, int version);

    [LoggerMessage(2206, LogLevel.Information, "Version {Version} is unloaded")]
    public static partial void Unloaded(ILogger logger, int version);

    [LoggerMessage(2207, LogLevel.Warning, "Version {Version} lingers, held by {Holders}")]
    public static partial void Lingers(ILogger logger, int version, string holders);

    [LoggerMessage(2208, LogLevel.Error, "A hosted service of version {Version} failed to {What}; the version serves")]
    public static partial void HostedServiceFailed(ILogger logger, Exception? cause, int version, string what);

    [LoggerMessage(2209, LogLevel.Error, "Version {Version} could not be retired in order; it stays in memory")]
    public static partial void RetirementFailed(ILogger logger, Exception cause, int version);

    [LoggerMessage(2210, LogLevel.Critical, "A defect in WatchReload ended the reload to {Release}; what served before serves on unless status says otherwise")]
    public static partial void Defect(ILogger logger, Exception cause, string release);

    [LoggerMessage(2211, LogLevel.Error, "What version {Version} had registered on IServiceVersion.Retired failed")]
    public static partial void RetiredCallbackFailed(ILogger logger, Exception cause, int version);

    [LoggerMessage(2212, LogLevel.Error, "The container of version {Version} could not be disposed of in order")]
    public static partial void DisposeFailed(ILogger logger, Exception cause, int version);

    [LoggerMessage(2213, LogLevel.Error, "What the node starts on next could not be written: {What}. Mend the state directory; until then a restart may start on another release")]
    public static partial void NotRemembered(ILogger logger, Exception cause, string what);

    [LoggerMessage(2217, LogLevel.Information, "What the node starts on next is written after all: {What}")]
    public static partial void RememberedAtLast(ILogger logger, string what);

    [LoggerMessage(2218, LogLevel.Information, "Release {Release} is what version {Version} serves already; nothing is loaded")]
    public static partial void Unchanged(ILogger logger, string release, int version);

    [LoggerMessage(2219, LogLevel.Warning, "Release {Release}, the way back, cannot be held: it may be pruned while the trial lasts")]
    public static partial void NotHeld(ILogger logger, Exception cause, string release);

    [LoggerMessage(2240, LogLevel.Error, "A shared resource, a {Type}, could not be disposed of in order")]
    public static partial void SharedNotDisposed(ILogger logger, Exception cause, string type);

    [LoggerMessage(2241, LogLevel.Warning, "The container of version {Version}, is not disposed of yet: the Dispose of one of its services does not return")]
    public static partial void DisposeGoesOn(ILogger logger, int version);
}
