using Microsoft.Extensions.Logging;

namespace WatchReload.Daemon.Resident;

internal static partial class ResidentLog
{
    [LoggerMessage(4940, LogLevel.Information, "An order came over the pipe: {Cause}, by {By}")]
    public static partial void Taken(ILogger log, string cause, string by);

    [LoggerMessage(4941, LogLevel.Error, "An attempt ended by a defect")]
    public static partial void AttemptFailed(ILogger log, Exception defect);

    [LoggerMessage(4942, LogLevel.Warning, "No hook of another user can hand in a push: {Cause} {Remedy}")]
    public static partial void NoHookSocket(ILogger log, string cause, string remedy);

    [LoggerMessage(4943, LogLevel.Warning, "A push that {By} handed in was refused: {Cause}")]
    public static partial void PushRefused(ILogger log, string by, string cause);

    [LoggerMessage(4944, LogLevel.Warning, "What a push was rehearsed from could not be deleted: {Directory}")]
    public static partial void PushNotDeleted(ILogger log, Exception cause, string directory);
}
