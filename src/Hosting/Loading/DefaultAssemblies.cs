using System.Collections.Concurrent;
using System.Reflection;

namespace WatchReload.Hosting.Loading;

/// <summary>
/// What a service sees of the default context: the frameworks, and WatchReload.Actors with all that it references, by simple name.
/// What only the node uses (WatchReload.Hosting, Serilog and so on) is there too, but out of the service's sight: a service that
/// wants it brings its own.
/// </summary>
internal sealed class DefaultAssemblies
{
    private readonly Dictionary<string, string> _visible;
    private readonly ConcurrentDictionary<string, Version?> _versions = new(StringComparer.OrdinalIgnoreCase);

    private DefaultAssemblies(Dictionary<string, string> visible) => _visible = visible;

    public static DefaultAssemblies OfThisProcess { get; } = Read();

    public bool Has(string name) => _visible.ContainsKey(name);

    /// <summary>Null when the service does not see it there.</summary>
    public Version? VersionOf(string name) => _visible.TryGetValue(name, out var path)
        ? _versions.GetOrAdd(name, static (_, path) => AssemblyName.GetAssemblyName(path).Version, path)
        : null;

    private static DefaultAssemblies Read()
    {
        var all = ((AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string) ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .GroupBy(path => Path.GetFileNameWithoutExtension(path)!, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(paths => paths.Key, paths => paths.First(), StringComparer.OrdinalIgnoreCase);

        // A self-contained host has its frameworks beside itself; there only our own assemblies can be told from them.
        var selfContained = IsBesideHost(typeof(object).Assembly.Location);
        var visible = all
            .Where(assembly => selfContained ? !assembly.Key.StartsWith("WatchReload.", StringComparison.Ordinal) : !IsBesideHost(assembly.Value))
            .ToDictionary(StringComparer.OrdinalIgnoreCase);
        AddClosure(typeof(Actors.IService).Assembly, all, visible);
        return new(visible);
    }

    private static void AddClosure(Assembly assembly, Dictionary<string, string> all, Dictionary<string, string> visible)
    {
        var name = assembly.GetName().Name!;
        if (!visible.TryAdd(name, all.GetValueOrDefault(name, assembly.Location)))
        {
            return;
        }

        foreach (var reference in assembly.GetReferencedAssemblies().Where(reference => !visible.ContainsKey(reference.Name!)))
        {
            AddClosure(Assembly.Load(reference), all, visible);
        }
    }

    private static bool IsBesideHost(string path) => path.StartsWith(AppContext.BaseDirectory, StringComparison.Ordinal);
}
