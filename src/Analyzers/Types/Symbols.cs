using Microsoft.CodeAnalysis;

namespace WatchReload.Analyzers;

/// <summary>What reflection says of a type, asked of its symbol.</summary>
internal static class Symbols
{
    /// <summary>Whether they are the same, type arguments aside.</summary>
    public static bool Is(this ITypeSymbol type, INamedTypeSymbol? definition) => definition is not null && SymbolEqualityComparer.Default.Equals(type.OriginalDefinition, definition);

    public static bool Same(ITypeSymbol left, ITypeSymbol right) => SymbolEqualityComparer.Default.Equals(left, right);

    /// <summary><c>System.Collections.Generic.List`1</c>; nested types behind a plus.</summary>
    public static string MetadataFullName(this INamedTypeSymbol type)
    {
        if (type.ContainingType is { } outer) return $"{outer.MetadataFullName()}+{type.MetadataName}";
        return type.ContainingNamespace is { IsGlobalNamespace: false } space ? $"{space.ToDisplayString()}.{type.MetadataName}" : type.MetadataName;
    }

    public static bool DerivesFrom(this ITypeSymbol type, Func<INamedTypeSymbol, bool> isBase)
    {
        for (var t = type.BaseType; t is not null; t = t.BaseType)
        {
            if (isBase(t)) return true;
        }

        return false;
    }

    /// <summary>All type arguments, those of outer types in front.</summary>
    public static IEnumerable<ITypeSymbol> AllTypeArguments(this INamedTypeSymbol type) =>
        type.ContainingType is { } outer ? outer.AllTypeArguments().Concat(type.TypeArguments) : type.TypeArguments;

    public static bool IsNullable(this ITypeSymbol type, out ITypeSymbol value)
    {
        value = type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } named ? named.TypeArguments[0] : type;
        return !ReferenceEquals(value, type);
    }

    public static bool HasAttribute(this ISymbol symbol, string fullName) => symbol.GetAttributes().Any(a => a.AttributeClass is { } c && c.MetadataFullName() == fullName);
}
