using System.Reflection;
using System.Runtime.Loader;

namespace WatchReload.Hosting.Loading;

/// <summary>
/// The context of one hot assembly; collectible, unless it is kept because deltas are to be applied. Resolves names in this order: the hot assemblies that it may see, what the default
/// context shows to services, the packages, else a clear failure.
/// </summary>
/// <remarks>
/// A context stays in memory until its own assembly is gone; one with a field that leads to that assembly would hold itself for ever.
/// So all it has of hot assemblies are weak references. What keeps the others alive for as long as this one needs them, even after
/// their own contexts were asked to unload, is the runtime's binding, which <see cref="Bind"/> makes at once and not at first use.
/// </remarks>
internal sealed class HotContext : AssemblyLoadContext
{
    private static volatile bool s_someAreKept;
    private readonly PackageContext? _packages;
    private readonly VersionPackages? _versionPackages;
    private readonly NativeFiles _content;
    private readonly DefaultAssemblies _defaults;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, byte[]> _satellites;
    private readonly string _assembly;
    private IReadOnlyDictionary<string, WeakReference<Assembly>> _seen = new Dictionary<string, WeakReference<Assembly>>();

    /// <param name="name">For people.</param>
    /// <param name="image">What is loaded into it.</param>
    /// <param name="packages">What it sees of packages.</param>
    /// <param name="content">Its native files.</param>
    /// <param name="defaults">What it sees of the default context.</param>
    /// <param name="keep">Never unloaded: the runtime does not take deltas that add types in a collectible context.</param>
    /// <param name="versionPackages">What it uses of those packages that are loaded with the version.</param>
    public HotContext(string name, HotImage image, PackageContext? packages, NativeFiles content, DefaultAssemblies defaults, bool keep, VersionPackages? versionPackages)
        : base(name, isCollectible: !keep)
    {
        (_packages, _content, _defaults, _assembly, _versionPackages) = (packages, content, defaults, image.Name, versionPackages);
        _satellites = image.Satellites.ToDictionary(one => one.Key, one => one.Value.Bytes, StringComparer.OrdinalIgnoreCase);
        if (keep) s_someAreKept = true;
    }

    /// <summary>Whether this process has ever loaded a hot assembly for good.</summary>
    public static bool SomeAreKept => s_someAreKept;

    public Assembly LoadMain(HotImage main)
    {
        using var code = new MemoryStream(main.Bytes, writable: false);
        using var symbols = main.Symbols is null ? null : new MemoryStream(main.Symbols, writable: false);
        return LoadFromStream(code, symbols);
    }

    /// <summary>Whether it depends on a hot assembly of that name, or is it.</summary>
    public bool Sees(string assembly) => assembly.Equals(_assembly, StringComparison.OrdinalIgnoreCase) || _seen.ContainsKey(assembly);

    /// <summary>Lets it see these hot assemblies, its own among them, and binds it to them.</summary>
    public void Bind(IReadOnlyDictionary<string, WeakReference<Assembly>> visible)
    {
        _seen = visible;
        foreach (var other in visible.Keys.Where(other => !other.Equals(_assembly, StringComparison.OrdinalIgnoreCase)))
        {
            LoadFromAssemblyName(new AssemblyName(other));
        }
    }

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        var wanted = assemblyName.Name!;
        if (assemblyName.CultureName is { Length: > 0 } culture)
        {
            return LoadSatellite(wanted, culture);
        }

        if (_seen.TryGetValue(wanted, out var hot) && hot.TryGetTarget(out var target))
        {
            return target;
        }

        if (_defaults.Has(wanted))
        {
            return null;
        }

        if (_versionPackages?.Has(wanted) == true)
        {
            return _versionPackages.LoadFromAssemblyName(new AssemblyName(wanted));
        }

        // Null would go on to the default context, and find there what only the node uses.
        return _packages?.Files.Find(wanted) is not null
            ? _packages.LoadFromAssemblyName(new AssemblyName(wanted))
            : throw new FileNotFoundException(
                $"{_assembly} asks for the assembly {assemblyName}, which is neither among its references in the release nor in the service's packages nor in the frameworks. "
                + "An assembly of the release that is looked up by name must be referenced, or looked up from the entry assembly.",
                wanted);
    }

    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        (_content.Find(unmanagedDllName) ?? _packages?.Files.Native.Find(unmanagedDllName)) is { } path ? LoadUnmanagedDllFromPath(path) : 0;

    private Assembly? LoadSatellite(string wanted, string culture)
    {
        if (!wanted.Equals(_assembly + ".resources", StringComparison.OrdinalIgnoreCase) || !_satellites.TryGetValue(culture, out var bytes))
        {
            return null;
        }

        lock (_gate)
        {
            using var code = new MemoryStream(bytes, writable: false);
            return Assemblies.FirstOrDefault(loaded => loaded.GetName().CultureName == culture) ?? LoadFromStream(code);
        }
    }
}
