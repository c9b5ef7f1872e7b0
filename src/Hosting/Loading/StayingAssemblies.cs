using System.Collections.Concurrent;
using System.Reflection;

namespace WatchReload.Hosting.Loading;

/// <summary>The assemblies of the process that are never unloaded.</summary>
/// <remarks>
/// Noted as they are loaded. <see cref="AppDomain.GetAssemblies"/> would have to be asked while versions are unloaded, and gives what is just being freed as well: looking at
/// such an assembly can end the process (dotnet/runtime#116953). It is asked once, when the node starts.
/// </remarks>
internal sealed class StayingAssemblies
{
    private readonly ConcurrentDictionary<Assembly, byte> _all = new();

    private StayingAssemblies()
    {
        AppDomain.CurrentDomain.AssemblyLoad += (_, loaded) => Add(loaded.LoadedAssembly);
        foreach (var assembly in AppDomain.CurrentDomain.GetAssemblies()) Add(assembly);
    }

    public static StayingAssemblies OfProcess { get; } = new();

    /// <summary>In no order.</summary>
    public ICollection<Assembly> All => _all.Keys;

    private void Add(Assembly assembly)
    {
        if (assembly is { IsCollectible: false, IsDynamic: false }) _all.TryAdd(assembly, 0);
    }
}
