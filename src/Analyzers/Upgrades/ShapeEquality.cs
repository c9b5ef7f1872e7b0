using Microsoft.CodeAnalysis;

namespace WatchReload.Analyzers;

/// <summary>
/// Whether two types have one shape: members of the same names whose types are the same or again have one shape (Hosting,
/// Upgrading/Mapping/Types/ShapeEquality.cs). Only of types whose source is here: of others the private members are not known.
/// </summary>
internal sealed class ShapeEquality
{
    private readonly HashSet<(ITypeSymbol, ITypeSymbol)> _assumed = new(PairComparer.Instance);

    public static bool Equal(ITypeSymbol left, ITypeSymbol right) => new ShapeEquality().Compare(left, right);

    private bool Compare(ITypeSymbol left, ITypeSymbol right)
    {
        if (TypeNesting.IsEndless(left) || TypeNesting.IsEndless(right)) return false;
        if (Symbols.Same(left, right) || !_assumed.Add((left, right))) return true;
        if (left is IArrayTypeSymbol a || right is IArrayTypeSymbol)
            return left is IArrayTypeSymbol x && right is IArrayTypeSymbol y && x.Rank == y.Rank && Compare(x.ElementType, y.ElementType);
        if (left is not INamedTypeSymbol l || right is not INamedTypeSymbol r) return false;
        if (!l.TypeArguments.IsEmpty && Symbols.Same(l.OriginalDefinition, r.OriginalDefinition)) return l.TypeArguments.Zip(r.TypeArguments, Compare).All(same => same);
        if (!IsOwn(l) || !IsOwn(r) || l.TypeKind == TypeKind.Interface || r.TypeKind == TypeKind.Interface || l.IsValueType != r.IsValueType) return false;
        if (l.TypeKind == TypeKind.Enum || r.TypeKind == TypeKind.Enum) return l.TypeKind == r.TypeKind && Values(l).SetEquals(Values(r));
        return CompareMembers(l, r);
    }

    private bool CompareMembers(INamedTypeSymbol left, INamedTypeSymbol right)
    {
        var (a, b) = (DataMember.Of(left).ToLookup(m => m.Name), DataMember.Of(right).ToLookup(m => m.Name));
        return a.Count == b.Count && a.All(group => group.Count() == b[group.Key].Count() && group.Zip(b[group.Key], (x, y) => Compare(x.Type, y.Type)).All(same => same));
    }

    private static bool IsOwn(INamedTypeSymbol type) => type.ContainingAssembly is ISourceAssemblySymbol;

    private static HashSet<string> Values(INamedTypeSymbol type) => [.. type.GetMembers().OfType<IFieldSymbol>().Where(f => f.IsConst).Select(f => f.Name)];

    private sealed class PairComparer : IEqualityComparer<(ITypeSymbol, ITypeSymbol)>
    {
        public static readonly PairComparer Instance = new();

        public bool Equals((ITypeSymbol, ITypeSymbol) x, (ITypeSymbol, ITypeSymbol) y) => Symbols.Same(x.Item1, y.Item1) && Symbols.Same(x.Item2, y.Item2);

        public int GetHashCode((ITypeSymbol, ITypeSymbol) pair) =>
            unchecked((SymbolEqualityComparer.Default.GetHashCode(pair.Item1) * 31) + SymbolEqualityComparer.Default.GetHashCode(pair.Item2));
    }
}
