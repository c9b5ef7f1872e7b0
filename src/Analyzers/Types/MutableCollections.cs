using Microsoft.CodeAnalysis;

namespace WatchReload.Analyzers;

/// <summary>Collections whose content can be changed though the field cannot; the list of the node's own warning (Hosting, Loading/StaticFields.cs).</summary>
internal static class MutableCollections
{
    private static readonly HashSet<string> s_names = new(StringComparer.Ordinal)
    {
        "System.Collections.Generic.List`1", "System.Collections.Generic.Dictionary`2", "System.Collections.Generic.HashSet`1",
        "System.Collections.Generic.Queue`1", "System.Collections.Generic.Stack`1", "System.Collections.Generic.LinkedList`1",
        "System.Collections.Generic.SortedDictionary`2", "System.Collections.Generic.SortedList`2", "System.Collections.Generic.SortedSet`1",
        "System.Collections.Generic.PriorityQueue`2", "System.Collections.Generic.IList`1", "System.Collections.Generic.IDictionary`2",
        "System.Collections.Generic.ISet`1", "System.Collections.Generic.ICollection`1", "System.Collections.ArrayList", "System.Collections.Hashtable",
        "System.Collections.Concurrent.ConcurrentDictionary`2", "System.Collections.Concurrent.ConcurrentQueue`1",
        "System.Collections.Concurrent.ConcurrentStack`1", "System.Collections.Concurrent.ConcurrentBag`1",
        "System.Collections.Concurrent.BlockingCollection`1", "System.Text.StringBuilder",
    };

    public static bool Has(ITypeSymbol type) => type is INamedTypeSymbol named && s_names.Contains(named.OriginalDefinition.MetadataFullName());
}
