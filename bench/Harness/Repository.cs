using System.Reflection;

namespace WatchReload.Bench;

/// <summary>Where things are in the repository that this was built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Metadata("Repository");

    /// <summary>The command that is measured.</summary>
    public static string Command { get; } = Output("src/Daemon", "watchreload.dll");

    /// <summary>The assembly that nodes give to services.</summary>
    public static string Actors { get; } = Output("src/Daemon", "node/WatchReload.Actors.dll");

    public static string LoadClient { get; } = Output("bench/Load", "WatchReload.Bench.Load.dll");

    public static string Kestrel { get; } = Output("bench/peers/kestrel", "WatchReload.Bench.Kestrel.dll");

    /// <summary>Roslyn alone.</summary>
    public static string Emit { get; } = Output("bench/peers/emit", "WatchReload.Bench.Emit.dll");

    /// <summary>The supervisor of the peers that restart.</summary>
    public static string Keeper { get; } = Output("bench/peers/restart", "WatchReload.Bench.Restart.dll");

    public static string Path(string path) => System.IO.Path.Combine(Root, path);

    private static string Output(string project, string file) => Path($"{project}/{Metadata("Output")}/{file}");

    private static string Metadata(string key) => typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
