namespace WatchReload.Daemon.Git;

internal static class HookCommand
{
    /// <summary>The absolute command line that runs this watchreload again: the program itself or a tool's shim, or dotnet with the assembly.</summary>
    public static IReadOnlyList<string> OfThisProcess() =>
        Of(Environment.ProcessPath ?? "dotnet", typeof(HookCommand).Assembly.Location);

    internal static IReadOnlyList<string> Of(string process, string assembly) =>
        Path.GetFileNameWithoutExtension(process).Equals("dotnet", StringComparison.OrdinalIgnoreCase) ? [process, assembly] : [process];

    /// <summary>Where the runtime lies that runs this process: the shim of a tool looks for it in DOTNET_ROOT, which a hook's environment may lack.</summary>
    public static string? DotnetRoot()
    {
        // ROOT/shared/Microsoft.NETCore.App/VERSION/
        var version = Path.TrimEndingDirectorySeparator(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory());
        var root = Path.GetFullPath(Path.Combine(version, "..", "..", ".."));
        return Directory.Exists(Path.Combine(root, "host")) ? root : null;
    }
}
