using System.Reflection;
using System.Runtime.Loader;

namespace WatchReload.Hosting.Loading;

/// <summary>
/// The context of one package set, not collectible, shared by all versions that have this set. Packages keep caches in statics, and
/// unloading them with each version would be the surest way to a leak.
/// </summary>
/// <remarks>
/// Assemblies are loaded from their verified paths, not from bytes: precompiled code is used, pages are shared, a library finds what lies
/// beside it by <see cref="Assembly.Location"/>, and native libraries need a path anyway. The directory is written once, named by its
/// content and read-only, so there is nothing that a mapped file could stand in the way of.
/// </remarks>
internal sealed class PackageContext(string hash, PackageFiles files, DefaultAssemblies defaults) : AssemblyLoadContext($"packages {hash}", isCollectible: false)
{
    public PackageFiles Files => files;

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        var name = assemblyName.Name!;
        if (assemblyName.CultureName is { Length: > 0 } culture)
        {
            return files.FindSatellite(name, culture) is { } satellite ? LoadFromAssemblyPath(satellite) : null;
        }

        if (defaults.Has(name))
        {
            return null;
        }

        // Null would go on to the default context, and find there what only the node uses.
        return files.Find(name) is { } assembly
            ? LoadFromAssemblyPath(assembly.Path)
            : throw new FileNotFoundException($"A package asks for the assembly {assemblyName}, which is neither in the service's package set nor in the frameworks.", name);
    }

    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        files.Native.Find(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(path) : 0;
}
