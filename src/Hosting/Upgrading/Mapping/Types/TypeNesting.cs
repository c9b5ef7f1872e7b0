namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>
/// Type arguments can nest without end: <c>class Node&lt;T&gt; { Node&lt;Node&lt;T&gt;&gt;? Next; }</c>. Each level is one more type for
/// the runtime to load, so a walk over member types must stop.
/// </summary>
internal static class TypeNesting
{
    private const int Deepest = 16;

    public const string Problem = "its type arguments nest without end; close the type, or keep its parts in a collection";

    public static bool IsEndless(Type type) => Depth(type) > Deepest;

    private static int Depth(Type type)
    {
        if (type.HasElementType) return Depth(type.GetElementType()!);
        return type.IsConstructedGenericType ? 1 + type.GetGenericArguments().Max(Depth) : 0;
    }
}
