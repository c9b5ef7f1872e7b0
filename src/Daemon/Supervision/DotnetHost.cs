using System.Runtime.InteropServices;

namespace WatchReload.Daemon.Supervision;

/// <summary>The <c>dotnet</c> of the runtime that this process runs on; it does not depend on PATH, which a service or a hook may not have.</summary>
internal static class DotnetHost
{
    public static string Path { get; } = Find();

    private static string Find()
    {
        // <root>/shared/Microsoft.NETCore.App/<version>/
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        var root = new DirectoryInfo(RuntimeEnvironment.GetRuntimeDirectory()).Parent?.Parent?.Parent;
        var beside = root is null ? name : System.IO.Path.Combine(root.FullName, name);
        return File.Exists(beside) ? beside : name;
    }
}
