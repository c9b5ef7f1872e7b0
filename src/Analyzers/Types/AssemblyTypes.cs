using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;

namespace WatchReload.Analyzers;

/// <summary>The types of assemblies, nested ones too, each assembly walked once.</summary>
internal sealed class AssemblyTypes
{
    private readonly ConcurrentDictionary<IAssemblySymbol, IReadOnlyList<INamedTypeSymbol>> _all = new(SymbolEqualityComparer.Default);

    public IReadOnlyList<INamedTypeSymbol> All(IAssemblySymbol assembly) => _all.GetOrAdd(assembly, a => [.. Walk(a.GlobalNamespace)]);

    /// <summary>What may stand where <paramref name="type"/> is declared, of its own assembly.</summary>
    public IEnumerable<INamedTypeSymbol> Under(INamedTypeSymbol type) => All(type.ContainingAssembly).Where(t => IsConcrete(t) && !Symbols.Same(t, type) && Fits(t, type));

    private static bool IsConcrete(INamedTypeSymbol type) => !type.IsAbstract && !type.IsStatic && type.TypeKind != TypeKind.Interface && !type.IsFileLocal && !type.AllTypeArguments().Any();

    private static bool Fits(INamedTypeSymbol type, INamedTypeSymbol target) => target.TypeKind == TypeKind.Interface
        ? type.AllInterfaces.Any(i => Symbols.Same(i, target))
        : type.DerivesFrom(b => Symbols.Same(b, target));

    private static IEnumerable<INamedTypeSymbol> Walk(INamespaceOrTypeSymbol at)
    {
        foreach (var member in at.GetMembers())
        {
            if (member is not INamespaceOrTypeSymbol inner) continue;
            if (inner is INamedTypeSymbol type) yield return type;
            foreach (var deeper in Walk(inner)) yield return deeper;
        }
    }
}
