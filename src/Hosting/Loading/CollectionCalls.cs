namespace WatchReload.Hosting.Loading;

/// <summary>What is called on a collection, or with one, and does not change it, nor give it to anybody who may.</summary>
internal static class CollectionCalls
{
    private const string Collections = "System.Collections.";

    private static readonly HashSet<string> Readers = new(StringComparer.Ordinal)
    {
        "get_Count", "get_Item", "get_Keys", "get_Values", "get_Comparer", "get_Min", "get_Max", "get_IsEmpty", "get_Capacity", "get_First", "get_Last",
        "ContainsKey", "ContainsValue", "TryGetValue", "Contains", "IndexOf", "IndexOfKey", "LastIndexOf", "BinarySearch", "Exists", "Find", "FindAll", "FindIndex", "FindLast", "FindLastIndex", "TrueForAll",
        "ConvertAll", "GetRange", "CopyTo", "ForEach", "ToArray", "GetEnumerator", "Peek", "TryPeek",
        "IsSubsetOf", "IsSupersetOf", "IsProperSubsetOf", "IsProperSupersetOf", "Overlaps", "SetEquals", "ToString", "Equals", "GetHashCode", "GetType",
    };

    private static readonly HashSet<string> Takers = new(StringComparer.Ordinal)
    {
        ".ctor", "AddRange", "UnionWith", "ExceptWith", "IntersectWith", "SymmetricExceptWith", "IsSubsetOf", "IsSupersetOf", "IsProperSubsetOf", "IsProperSupersetOf", "Overlaps", "SetEquals", "GetValueOrDefault",
        "CreateRange", "ToFrozenDictionary", "ToFrozenSet", "ToImmutableArray", "ToImmutableDictionary", "ToImmutableHashSet", "ToImmutableList", "ToImmutableSortedDictionary", "ToImmutableSortedSet",
    };

    /// <summary>Called on it. While it is filled whatever is called on it fills it.</summary>
    public static bool ReadsItself(string type, string method, bool isFilled) => type == "System.Object" || (type.StartsWith(Collections, StringComparison.Ordinal) && (isFilled || Readers.Contains(method)));

    /// <summary>Called with it.</summary>
    public static bool ReadsGiven(string type, string method) => type switch
    {
        "System.Linq.Enumerable" => method is not ("AsEnumerable" or "Cast" or "OfType"), // these may return what they are given
        "System.String" => method is "Join" or "Concat",
        "System.ReadOnlySpan`1" => method == "op_Implicit",
        _ => type.StartsWith(Collections, StringComparison.Ordinal) && Takers.Contains(method),
    };

    /// <summary>Whether whoever gets it as that only reads it.</summary>
    public static bool IsView(string type) => type is "System.Collections.Generic.IEnumerable`1" or "System.Collections.Generic.IReadOnlyCollection`1" or "System.Collections.Generic.IReadOnlyList`1"
        or "System.Collections.Generic.IReadOnlyDictionary`2" or "System.Collections.Generic.IReadOnlySet`1";
}
