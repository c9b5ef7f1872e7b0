namespace WatchReload.Daemon.Resident;

internal static class ResidentName
{
    /// <summary>The daemon's name on the pipe: <c>run/daemon.json</c>.</summary>
    public const string Value = "daemon";
}
