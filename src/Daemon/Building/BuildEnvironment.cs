namespace WatchReload.Daemon.Building;

/// <summary>
/// What a build sees of this process's environment: not what belongs to another dotnet command or to the service manager, and not the service's secrets. Whoever may push
/// writes what runs in a build, and what a build prints ends in logs and on the pusher's terminal.
/// </summary>
internal static class BuildEnvironment
{
    private static readonly string[] _ofAnotherCommand = ["MSBUILD_EXE_PATH", "MSBuildSDKsPath", "MSBuildExtensionsPath", "DOTNET_HOST_PATH"];

    private static readonly string[] _ofTheServiceManager =
        ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES", "CREDENTIALS_DIRECTORY", "STATE_DIRECTORY", "SSH_AUTH_SOCK"];

    public static void Clean(IDictionary<string, string?> environment)
    {
        foreach (var name in (string[])[.. _ofAnotherCommand, .. _ofTheServiceManager])
            environment.Remove(name);
        foreach (var name in environment.Where(variable => !IsOfRestore(variable.Key) && Secrets.LooksLikeOne(variable.Key, variable.Value ?? "")).Select(variable => variable.Key).ToList())
            environment.Remove(name);
    }

    // Restore cannot do without: credentials of package sources, and proxies, whose addresses may hold some. PWD is where it runs, and no password.
    internal static bool IsOfRestore(string name) =>
        name is "PWD" or "OLDPWD"
        || name.StartsWith("NUGET", StringComparison.OrdinalIgnoreCase) || name.StartsWith("VSS_NUGET", StringComparison.OrdinalIgnoreCase) || name.EndsWith("_PROXY", StringComparison.OrdinalIgnoreCase);
}
