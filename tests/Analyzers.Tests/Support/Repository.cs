using System.Reflection;

namespace WatchReload.Analyzers.Tests;

/// <summary>What the build recorded of where things are.</summary>
internal static class Repository
{
    private static readonly ILookup<string, string> Recorded = typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .ToLookup(attribute => attribute.Key, attribute => attribute.Value!);

    public static string Root { get; } = Recorded["Repository"].Single();

    public static string Configuration { get; } = Recorded["Configuration"].Single();

    /// <summary>The frameworks as a service's compiler sees them.</summary>
    public static IReadOnlyList<string> ReferenceAssemblies { get; } = [.. Recorded["ReferencePack"].Distinct().SelectMany(pack => Directory.EnumerateFiles(pack, "*.dll"))];

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));
}
