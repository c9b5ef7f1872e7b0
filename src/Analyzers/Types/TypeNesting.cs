using Microsoft.CodeAnalysis;

namespace WatchReload.Analyzers;

/// <summary>Type arguments can nest without end: <c>class Node&lt;T&gt; { Node&lt;Node&lt;T&gt;&gt;? Next; }</c>. A walk over member types must stop.</summary>
internal static class TypeNesting
{
    private const int Deepest = 16;

    public const string Problem = "its type arguments nest without end; close the type, or keep its parts in a collection";

    public static bool IsEndless(ITypeSymbol type) => Depth(type) > Deepest;

    private static int Depth(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => Depth(array.ElementType),
        IPointerTypeSymbol pointer => Depth(pointer.PointedAtType),
        INamedTypeSymbol named when named.AllTypeArguments().Any() => 1 + named.AllTypeArguments().Max(Depth),
        _ => 0,
    };
}
