using Microsoft.Extensions.Logging;

namespace WatchReload.Control;

/// <summary>Event ids 1000 to 1099.</summary>
internal static partial class ControlLog
{
    [LoggerMessage(1000, LogLevel.Debug, "Listening as {Name} on {Address}.")]
    public static partial void Listening(ILogger log, string name, string address);

    [LoggerMessage(1001, LogLevel.Warning, "Refused {Method} {Path}: {Reason}")]
    public static partial void Unauthorized(ILogger log, string method, string path, string reason);

    [LoggerMessage(1002, LogLevel.Warning, "Refused a connection of another user ({Peer}).")]
    public static partial void ForeignPeer(ILogger log, string peer);

    [LoggerMessage(1003, LogLevel.Error, "{Method} {Path} failed by a defect.")]
    public static partial void Defect(ILogger log, Exception exception, string method, string path);

    [LoggerMessage(1004, LogLevel.Information, "Removed the socket {Address}, which a killed process left behind.")]
    public static partial void StaleSocket(ILogger log, string address);

    [LoggerMessage(1005, LogLevel.Warning, "Requests of {Name} did not end by the deadline; their connections were cut.")]
    public static partial void CutOff(ILogger log, string name);

    [LoggerMessage(1006, LogLevel.Warning, "Children of this first process that have ended could not be looked for; some may stay as zombies.")]
    public static partial void OrphansNotFound(ILogger log, Exception exception);

    [LoggerMessage(1007, LogLevel.Warning, "Refused a connection of {Peer}, who is not in the group {Group} of hook.group. If it is the git user, add it to the group and let it log in again.")]
    public static partial void NotOfTheGroup(ILogger log, string peer, string group);

    [LoggerMessage(1008, LogLevel.Information, "Listening for the group {Group} on {Address}.")]
    public static partial void ListeningForGroup(ILogger log, string group, string address);

    [LoggerMessage(1009, LogLevel.Information, "Listening for {User} on {Address}.")]
    public static partial void ListeningForUser(ILogger log, string user, string address);
}
