namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>Type names as an author would write them.</summary>
internal static class TypeNames
{
    /// <summary>Without namespace: <c>Pair&lt;Int32, Profile&gt;</c>, <c>Lobby.Room[]</c>.</summary>
    public static string Short(Type type) => Write(type, SourceNames.Short);

    /// <summary>With namespace: <c>System.Collections.Generic.List&lt;System.Int32&gt;</c>.</summary>
    public static string Full(Type type) => Write(type, t => t.IsGenericParameter || t.Namespace is null ? SourceNames.Short(t) : $"{t.Namespace}.{SourceNames.Short(t)}");

    /// <summary>The full name with dots for nested types, as <c>[FormerName]</c> may write it; generic arity stays.</summary>
    public static string Dotted(Type type) => SourceNames.Full(type).Replace('+', '.');

    private static string Write(Type type, Func<Type, string> name)
    {
        if (type.IsArray) return $"{Write(type.GetElementType()!, name)}[{new string(',', type.GetArrayRank() - 1)}]";
        if (Nullable.GetUnderlyingType(type) is { } value) return Write(value, name) + "?";

        var own = type.IsNested && !type.IsGenericParameter ? $"{Write(Outer(type), name)}.{type.Name}" : name(type);
        var tick = own.LastIndexOf('`');
        if (tick < 0) return own;
        var inherited = type.IsNested ? type.DeclaringType!.GetGenericArguments().Length : 0;
        return $"{own[..tick]}<{string.Join(", ", type.GetGenericArguments().Skip(inherited).Select(a => Write(a, name)))}>";
    }

    private static Type Outer(Type nested)
    {
        var outer = nested.DeclaringType!;
        return outer.IsGenericTypeDefinition && nested.IsConstructedGenericType
            ? outer.MakeGenericType(nested.GetGenericArguments()[..outer.GetGenericArguments().Length])
            : outer;
    }
}
