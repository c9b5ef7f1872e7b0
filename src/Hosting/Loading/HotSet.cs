using System.Collections.Frozen;
using System.Reflection;

namespace WatchReload.Hosting.Loading;

/// <summary>The hot assemblies of one loaded release, and what is wanted of them.</summary>
internal sealed record HotSet(IReadOnlyList<HotAssembly> Assemblies, Assembly Entry, Type ServiceType, IReadOnlyList<Type> Types)
{
    /// <summary>The packages that belong to the version.</summary>
    public VersionPackages? Packages { get; init; }

    private readonly FrozenSet<Assembly> _loaded = Assemblies.Select(hot => hot.Assembly).ToFrozenSet();

    /// <summary>What deltas have made anew in them, of releases that share them too: that is what a release means which comes after these deltas, also where the one that they came for was refused.</summary>
    public TypeGenerations Generations { get; private set; } = TypeGenerations.First;

    /// <summary>How many deltas were applied to them, of what they came for committed or not.</summary>
    public int Applied { get; set; }

    /// <summary>What deltas have made of them is not known: one was applied in part, or brought a type that cannot be loaded, or what it has made anew has not been told yet.</summary>
    public bool IsUnknown { get; set; }

    /// <param name="remade">What deltas that were applied have made anew, with their names in source.</param>
    public void Remade(IReadOnlyDictionary<Type, string> remade) => Generations = Generations.With(remade);

    public bool Has(Assembly assembly) =>
        _loaded.Contains(assembly) || (Packages is not null && ReferenceEquals(System.Runtime.Loader.AssemblyLoadContext.GetLoadContext(assembly), Packages));

    public HotAssembly? Find(string? name) => Assemblies.FirstOrDefault(assembly => string.Equals(assembly.Name, name, StringComparison.OrdinalIgnoreCase));
}
