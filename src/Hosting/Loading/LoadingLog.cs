using Microsoft.Extensions.Logging;

namespace WatchReload.Hosting.Loading;

internal static partial class LoadingLog
{
    [LoggerMessage(2400, LogLevel.Debug, "Release {Release} is in memory: {Fresh} assemblies loaded, {Shared} shared with the release before")]
    public static partial void Loaded(ILogger logger, string release, int fresh, int shared);

    [LoggerMessage(2401, LogLevel.Debug, "Release {Release} cannot be loaded: {Count} problems")]
    public static partial void Refused(ILogger logger, string release, int count);

    [LoggerMessage(2402, LogLevel.Debug, "Release {Release} is let go of; contexts asked to unload: {Assemblies}")]
    public static partial void Retired(ILogger logger, string release, string assemblies);

    [LoggerMessage(2403, LogLevel.Warning, "{Method} of an update handler of {Assembly} failed; the version before may stay in memory")]
    public static partial void HandlerFailed(ILogger logger, string method, string? assembly, Exception error);

    [LoggerMessage(2404, LogLevel.Debug, "The update handlers of {Assembly} cannot be read; its caches are not told of versions that go")]
    public static partial void HandlersUnreadable(ILogger logger, string? assembly, Exception error);

    [LoggerMessage(2405, LogLevel.Warning, "{Method} of an update handler of {Assembly} did not return within {Seconds} s; it goes on, and the version before may stay in memory")]
    public static partial void HandlerGoesOn(ILogger logger, string method, string? assembly, double seconds);
}
