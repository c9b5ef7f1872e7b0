using System.Runtime.InteropServices;

namespace WatchReload.Daemon;

/// <summary>The .NET installation that this process runs on. It does not depend on PATH, which a service or a hook may not have.</summary>
internal static class DotnetHost
{
    /// <summary>The runtime lies in <c>ROOT/shared/Microsoft.NETCore.App/VERSION/</c>.</summary>
    public static string Root { get; } = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    /// <summary>The <c>dotnet</c> command of it; that of the path when it has none.</summary>
    public static string Command { get; } = Find();

    private static string Find()
    {
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        var path = Path.Combine(Root, name);
        return File.Exists(path) ? path : name;
    }
}
