using System.Reflection;
using System.Runtime.Loader;

namespace WatchReload.Builder.Sdk;

/// <summary>The SDK's Roslyn, once in this process: compiler server and replay lane find the same one, and it warm.</summary>
internal static class SdkRoslyn
{
    /// <summary>Before the first use of a type of Roslyn. One SDK a process, so this is called once.</summary>
    public static void Register(DotnetSdk sdk) => AssemblyLoadContext.Default.Resolving += (context, name) => Load(context, Path.Combine(DirectoryOf(sdk), name.Name + ".dll"));

    public static Assembly LoadServer(DotnetSdk sdk) => AssemblyLoadContext.Default.LoadFromAssemblyPath(Path.Combine(DirectoryOf(sdk), "VBCSCompiler.dll"));

    private static string DirectoryOf(DotnetSdk sdk) => Path.Combine(sdk.Directory, "Roslyn", "bincore");

    private static Assembly? Load(AssemblyLoadContext context, string path) => File.Exists(path) ? context.LoadFromAssemblyPath(path) : null;
}
