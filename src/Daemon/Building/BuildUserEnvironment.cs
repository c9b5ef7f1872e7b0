namespace WatchReload.Daemon.Building;

/// <summary>
/// The environment of a build as another user. Nothing of the daemon's goes there but what is named here: a list of what is secret could never be whole. What
/// names a place to write to leads into the user's directory.
/// </summary>
internal static class BuildUserEnvironment
{
    private static readonly string[] _kept = ["PATH", "LANG", "LANGUAGE", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR", "NO_PROXY", "no_proxy"];

    /// <summary>Of .NET's own, those that say how it runs. Others load code, open a port, or write where they say.</summary>
    private static readonly string[] _keptOfDotnet =
    [
        "DOTNET_ROOT", "DOTNET_NOLOGO", "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "DOTNET_SYSTEM_NET_DISABLEIPV6", "DOTNET_GENERATE_ASPNET_CERTIFICATE", "DOTNET_MULTILEVEL_LOOKUP",
        "DOTNET_GCgen0size", "DOTNET_GCGen0MaxBudget", "DOTNET_GCHeapHardLimit", "DOTNET_gcServer", "DOTNET_GCHeapCount", "DOTNET_TieredCompilation", "DOTNET_TieredPGO", "DOTNET_PROCESSOR_COUNT",
    ];

    /// <summary>These of NuGet's name directories of the daemon's user.</summary>
    private static readonly string[] _placesOfNuGet = ["NUGET_PACKAGES", "NUGET_HTTP_CACHE_PATH", "NUGET_PLUGINS_CACHE_PATH", "NUGET_SCRATCH"];

    /// <param name="user">Whose build.</param>
    /// <param name="environment">Of this process.</param>
    public static Dictionary<string, string?> For(BuildUser user, IEnumerable<KeyValuePair<string, string?>> environment) => new(environment.Where(variable => IsKept(variable.Key)))
    {
        ["HOME"] = user.Home,
        ["USER"] = user.Name,
        ["LOGNAME"] = user.Name,
        ["DOTNET_CLI_HOME"] = user.Home,
        ["TMPDIR"] = user.Temporary,
    };

    private static bool IsKept(string name) =>
        _kept.Contains(name)
        || name.StartsWith("LC_", StringComparison.Ordinal)
        || _keptOfDotnet.Contains(name) || name.StartsWith("DOTNET_ROOT_", StringComparison.Ordinal) || name.StartsWith("DOTNET_CLI_", StringComparison.Ordinal)
        || (BuildEnvironment.IsOfRestore(name) && name is not ("PWD" or "OLDPWD") && !_placesOfNuGet.Contains(name));
}
