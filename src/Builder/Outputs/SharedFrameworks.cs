using System.Runtime.InteropServices;
using WatchReload.Builder.Evaluation;

namespace WatchReload.Builder.Outputs;

/// <summary>The assemblies that the node has by itself: .NET and ASP.NET Core, in the version that it runs on.</summary>
internal sealed class SharedFrameworks
{
    private static readonly string[] Names = ["Microsoft.NETCore.App", "Microsoft.AspNetCore.App"];

    private readonly Dictionary<string, string> _files;

    public SharedFrameworks()
    {
        var shared = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", ".."));
        _files = Names.SelectMany(name => Assemblies(Path.Combine(shared, name)))
            .DistinctBy(Path.GetFileNameWithoutExtension, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(path => Path.GetFileNameWithoutExtension(path)!, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The version that the node would give; null when it has no assembly of that name.</summary>
    public Version? VersionOf(string assembly) => _files.TryGetValue(assembly, out var path) ? ManagedAssembly.VersionOf(path) : null;

    /// <summary>Of the newest patch of the node's own framework version: the one that the host would choose.</summary>
    private static IEnumerable<string> Assemblies(string framework)
    {
        var node = SharedFrameworkVersion.OfNode;
        var newest = !Directory.Exists(framework) ? null : Directory.EnumerateDirectories(framework)
            .Select(path => (Path: path, Version: Version.TryParse(Path.GetFileName(path), out var version) ? version : null))
            .Where(found => found.Version is { } version && version.Major == node.Major && version >= node)
            .OrderBy(found => found.Version!.Minor).ThenByDescending(found => found.Version)
            .Select(found => found.Path)
            .FirstOrDefault();
        return newest is null ? [] : Directory.EnumerateFiles(newest, "*.dll");
    }
}
