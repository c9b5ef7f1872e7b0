using System.Reflection;
using System.Runtime.Loader;

namespace WatchReload.Hosting.Loading;

/// <summary>
/// The packages of a set that are loaded with each version, as they keep what they know of a service's types in statics; with them whatever in the set
/// refers to them. All other packages stay with the set.
/// </summary>
/// <remarks>
/// Theory of operation. One collectible context a version. Its assemblies are loaded at once, and the hot assemblies that use them are bound to them at
/// once: after <see cref="AssemblyLoadContext.Unload"/> nothing more can be loaded, and a version that lingers must find what it has not asked for yet. Hot
/// assemblies that use such a package are never kept by the next version. When the last of them is let go of, the context is unloaded; what the package's
/// statics hold of the version, and what the version holds of the package, then goes together.
/// </remarks>
internal sealed class VersionPackages : AssemblyLoadContext
{
    private readonly HashSet<string> _names;
    private readonly PackageContext _shared;
    private readonly DefaultAssemblies _defaults;
    private int _users;

    private VersionPackages(string version, HashSet<string> names, PackageContext shared, DefaultAssemblies defaults, bool keep)
        : base($"{shared.Name} of {version}", isCollectible: !keep)
    {
        (_names, _shared, _defaults) = (names, shared, defaults);
        foreach (var name in names) LoadFromAssemblyPath(shared.Files.Find(name)!.Path);
    }

    /// <summary>Null when the set has none of those that the release names.</summary>
    /// <param name="manifest">The release.</param>
    /// <param name="packages">Its set.</param>
    /// <param name="defaults">What all versions see.</param>
    /// <param name="keep">Never unloaded, as the hot assemblies that use it.</param>
    public static VersionPackages? Of(Control.ReleaseManifest manifest, PackageContext? packages, DefaultAssemblies defaults, bool keep)
    {
        if (packages is null || manifest.PerVersion is not { Count: > 0 }) return null;
        var names = manifest.PerVersion.Where(name => packages.Files.Find(name) is not null && !defaults.Has(name)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (names.Count == 0) return null;
        while (packages.Files.Images.Any(image => image.References.Any(reference => names.Contains(reference.Name)) && names.Add(image.Name)))
        {
            // What refers to one of them would else bring a second copy of it into the set's context.
        }

        return new VersionPackages(manifest.Id, names, packages, defaults, keep);
    }

    public bool Has(string name) => _names.Contains(name);

    /// <summary>Those that the assembly refers to.</summary>
    public IEnumerable<string> UsedBy(HotImage image) => image.Image.References.Select(reference => reference.Name).Where(Has);

    /// <summary>A hot assembly needs it until what is returned is disposed of; with the last one it is unloaded.</summary>
    public IDisposable Use()
    {
        Interlocked.Increment(ref _users);
        return new User(this);
    }

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        var name = assemblyName.Name!;
        if (assemblyName.CultureName is { Length: > 0 } culture) return _shared.Files.FindSatellite(name, culture) is { } satellite ? LoadFromAssemblyPath(satellite) : null;
        return _defaults.Has(name) ? null : _shared.LoadFromAssemblyName(new AssemblyName(name));
    }

    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        _shared.Files.Native.Find(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(path) : 0;

    private sealed class User(VersionPackages packages) : IDisposable
    {
        private VersionPackages? _packages = packages;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _packages, null) is not { } used || Interlocked.Decrement(ref used._users) != 0 || !used.IsCollectible) return;
            try
            {
                CallbackMeters.Dispose(used);
            }
            finally
            {
                used.Unload();
            }
        }
    }
}
