using Microsoft.CodeAnalysis;

namespace WatchReload.Builder.Deltas;

/// <summary>Types whose values stay as they were made. Every one that is not known here counts as changing.</summary>
internal sealed class StaticValues(string assembly, IReadOnlySet<string> hotAssemblies)
{
    private static readonly HashSet<string> Fixed = new(StringComparer.Ordinal)
    {
        "System.Type", "System.TimeSpan", "System.DateTimeOffset", "System.DateOnly", "System.TimeOnly", "System.Guid", "System.Version", "System.Uri", "System.StringComparer", "System.TimeProvider",
        "System.Half", "System.Int128", "System.UInt128", "System.Numerics.BigInteger", "System.Index", "System.Range",
        "System.Text.Encoding", "System.Text.UTF8Encoding", "System.Text.CompositeFormat", "System.Text.Rune", "System.Text.RegularExpressions.Regex",
        "System.Threading.Lock", "Microsoft.Extensions.Logging.EventId",
    };

    private static readonly HashSet<string> Settings = new(StringComparer.Ordinal)
    {
        "System.Text.Json.JsonSerializerOptions", "System.Globalization.CultureInfo", "System.Globalization.NumberFormatInfo", "System.Net.IPAddress", "System.Net.IPEndPoint",
    };

    private static readonly HashSet<string> Collections = new(StringComparer.Ordinal)
    {
        "System.Collections.Generic.Dictionary", "System.Collections.Generic.HashSet", "System.Collections.Generic.List", "System.Collections.Generic.SortedDictionary", "System.Collections.Generic.SortedSet",
    };

    private static readonly HashSet<string> Views = new(StringComparer.Ordinal) { "IEnumerable", "IReadOnlyCollection", "IReadOnlyList", "IReadOnlySet", "IReadOnlyDictionary" };

    private static readonly string[] FixedContainers = ["System.Collections.Immutable", "System.Collections.Frozen", "System.Buffers.SearchValues", "System.ReadOnlyMemory", "System.Nullable", "System.ValueTuple", "System.Tuple", "System.Collections.Generic.KeyValuePair"];

    private readonly Dictionary<ITypeSymbol, bool> _known = new(SymbolEqualityComparer.Default);

    public bool IsHot(ISymbol symbol) => symbol.ContainingAssembly is { } declaring && (declaring.Name == assembly || hotAssemblies.Contains(declaring.Name));

    /// <summary>What is declared as no more than to be read: it is what its initializer makes.</summary>
    public static bool IsView(ITypeSymbol type) => type is INamedTypeSymbol { TypeKind: TypeKind.Interface, IsGenericType: true } && Views.Contains(type.Name) && type.ContainingNamespace.ToDisplayString() == "System.Collections.Generic";

    public bool IsFixed(ITypeSymbol type)
    {
        if (_known.TryGetValue(type, out var known))
            return known;
        _known[type] = true; // a type that has itself as a member is as fixed as its other members
        return _known[type] = Decide(type);
    }

    /// <summary>What a value of the type is that a static may hold as long as no code changes it; null when it is nothing of the kind.</summary>
    public TableKind? TableOf(ITypeSymbol type) => type is not INamedTypeSymbol named || IsHot(named) ? null
        : Settings.Contains(NameOf(named)) ? TableKind.Settings
        : Collections.Contains(NameOf(named)) && AreArgumentsFixed(named) ? TableKind.Collection
        : null;

    /// <summary>Whether a value of the fixed type has arrays.</summary>
    /// <param name="type">The type.</param>
    /// <param name="members">Takes the names of those members of the service's types that hold them.</param>
    public bool HasArray(ITypeSymbol type, ISet<string> members) => HasArray(type, members, new HashSet<ITypeSymbol>(SymbolEqualityComparer.Default));

    private bool HasArray(ITypeSymbol type, ISet<string> members, HashSet<ITypeSymbol> seen)
    {
        if (type is IArrayTypeSymbol)
            return true;
        if (type is not INamedTypeSymbol named || type.SpecialType is not SpecialType.None || !seen.Add(type))
            return false;
        if (!IsHot(named))
            return named.TypeArguments.Any(argument => HasArray(argument, members, seen));
        foreach (var field in Bases(named).Where(IsHot).SelectMany(one => one.GetMembers().OfType<IFieldSymbol>()).Where(field => !field.IsStatic && HasArray(field.Type, members, seen)))
            members.Add((field.AssociatedSymbol ?? field).Name);
        return false;
    }

    private bool Decide(ITypeSymbol type)
    {
        if (type.SpecialType is not SpecialType.None || type.TypeKind is TypeKind.Enum or TypeKind.Delegate)
            return type.SpecialType is not (SpecialType.System_Array or SpecialType.System_Collections_IEnumerable or SpecialType.System_Collections_IEnumerator);
        if (type is IArrayTypeSymbol array)
            return array.ElementType is not IArrayTypeSymbol && IsFixed(array.ElementType); // who has taken one of another may write to that
        if (type is not INamedTypeSymbol named)
            return false;
        var name = NameOf(named);
        if (!IsHot(named))
            return Fixed.Contains(name) || name.StartsWith("WatchReload.Actors.", StringComparison.Ordinal) || named.ContainingType is null && FixedContainers.Any(container => name.StartsWith(container, StringComparison.Ordinal)) && AreArgumentsFixed(named); // within one are builders
        if (Derives(named, "System.Text.Json.Serialization.JsonSerializerContext"))
            return true; // what it keeps is of types, and found out by converters (EarlierObjects)
        return named.TypeKind is TypeKind.Struct or TypeKind.Class
            && (named.IsSealed || named.IsValueType)
            && Bases(named).All(one => one.SpecialType is SpecialType.System_Object or SpecialType.System_ValueType || IsHot(one))
            && Bases(named).SelectMany(one => one.GetMembers().OfType<IFieldSymbol>()).Where(field => !field.IsStatic).All(field => field.IsReadOnly && IsFixed(field.Type));
    }

    public bool AreArgumentsFixed(INamedTypeSymbol type) => type.TypeArguments.All(argument => argument is not IArrayTypeSymbol && IsFixed(argument));

    private static string NameOf(INamedTypeSymbol type) => type.ConstructedFrom.ToDisplayString(SymbolDisplayFormat.CSharpErrorMessageFormat.WithGenericsOptions(SymbolDisplayGenericsOptions.None));

    private static IEnumerable<INamedTypeSymbol> Bases(INamedTypeSymbol type)
    {
        for (var one = type; one is not null; one = one.BaseType!)
            yield return one;
    }

    private static bool Derives(INamedTypeSymbol type, string from) => Bases(type).Any(one => one.ToDisplayString() == from);
}
