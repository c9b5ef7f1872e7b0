using Microsoft.CodeAnalysis.CSharp;

namespace WatchReload.Builder.Replay;

internal static class ArgumentPaths
{
    /// <summary>Paths on the command line are relative to the project's directory, not to that of this process.</summary>
    public static string Absolute(this CSharpCommandLineArguments arguments, string path) => Path.GetFullPath(path, arguments.BaseDirectory!);
}
