using Microsoft.CodeAnalysis;

namespace WatchReload.Analyzers;

/// <summary>Type names as the node writes them, so that both say the same.</summary>
internal static class TypeNames
{
    /// <summary>Without namespace: <c>Pair&lt;Int32, Profile&gt;</c>, <c>Lobby.Room[]</c>.</summary>
    public static string Short(ITypeSymbol type) => Write(type, full: false);

    /// <summary>With namespace: <c>System.Collections.Generic.List&lt;System.Int32&gt;</c>.</summary>
    public static string Full(ITypeSymbol type) => Write(type, full: true);

    private static string Write(ITypeSymbol type, bool full)
    {
        if (type is IArrayTypeSymbol array) return $"{Write(array.ElementType, full)}[{new string(',', array.Rank - 1)}]";
        if (type is IPointerTypeSymbol pointer) return Write(pointer.PointedAtType, full) + "*";
        if (type is IDynamicTypeSymbol) return full ? "System.Object" : "Object";
        if (type.IsNullable(out var value)) return Write(value, full) + "?";
        if (type is not INamedTypeSymbol named) return type.Name;
        var space = full && named.ContainingNamespace is { IsGlobalNamespace: false } n ? n.ToDisplayString() + "." : "";
        var own = named.ContainingType is { } outer ? $"{Write(outer, full)}.{named.Name}" : space + named.Name;
        return named.TypeArguments.Length == 0 ? own : $"{own}<{string.Join(", ", named.TypeArguments.Select(a => Write(a, full)))}>";
    }
}
