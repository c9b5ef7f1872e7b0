namespace WatchReload.Daemon.Building;

/// <summary>Why builds cannot be another user's, and what to do about it.</summary>
internal sealed record BuildObstacle(string Cause, string Remedy);
