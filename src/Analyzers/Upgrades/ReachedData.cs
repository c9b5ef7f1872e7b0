using Microsoft.CodeAnalysis;

namespace WatchReload.Analyzers;

/// <summary>
/// The types that states and messages of a service can lead to, with the old shapes that Upgrades lead from.
/// </summary>
internal sealed class ReachedData
{
    private readonly HashSet<INamedTypeSymbol> _types = new(SymbolEqualityComparer.Default);

    private ReachedData(bool isWhole) => IsWhole = isWhole;

    /// <summary>
    /// Whether there can be nothing else: the compilation is that of the service itself, which nobody references, and no member is an object of any type.
    /// </summary>
    public bool IsWhole { get; private set; }

    public bool Has(INamedTypeSymbol type) => _types.Contains(type.OriginalDefinition);

    public static ReachedData Of(Compilation compilation, ServiceModel service)
    {
        var all = service.Types.All(compilation.Assembly);
        var reached = new ReachedData(all.Any(service.Actors.IsService));
        var met = new HashSet<ITypeSymbol>(SymbolEqualityComparer.Default);
        var work = new Queue<ITypeSymbol>(service.Roots.Concat(all.SelectMany(service.Actors.Crossing)));
        while (work.Count > 0)
        {
            var type = work.Dequeue();
            if (!met.Add(type) || TypeNesting.IsEndless(type)) continue;
            if (type.SpecialType == SpecialType.System_Object || type.TypeKind is TypeKind.Dynamic or TypeKind.TypeParameter) reached.IsWhole = false;
            if (type is INamedTypeSymbol named)
            {
                reached._types.Add(named.OriginalDefinition);
                foreach (var old in UpgradeSteps.AllOf(named, service.Actors).Select(s => s.Old)) work.Enqueue(old);
            }

            foreach (var part in DataParts.Of(type, DataKinds.Of(type), service.Types)) work.Enqueue(part.Type);
        }

        return reached;
    }
}
