using Microsoft.CodeAnalysis;

namespace WatchReload.Analyzers;

/// <summary>The collections that are state, and the interfaces that members may have instead; the node's list.</summary>
internal static class ContainerTypes
{
    private static readonly HashSet<string> s_names = new(StringComparer.Ordinal)
    {
        "System.Collections.Generic.List`1", "System.Collections.ObjectModel.Collection`1", "System.Collections.ObjectModel.ReadOnlyCollection`1",
        "System.Collections.Generic.LinkedList`1", "System.Collections.Generic.Queue`1", "System.Collections.Concurrent.ConcurrentQueue`1",
        "System.Collections.Immutable.ImmutableList`1", "System.Collections.Immutable.ImmutableQueue`1", "System.Collections.Generic.Stack`1",
        "System.Collections.Concurrent.ConcurrentStack`1", "System.Collections.Concurrent.ConcurrentBag`1", "System.Collections.Immutable.ImmutableStack`1",
        "System.Collections.Generic.HashSet`1", "System.Collections.Immutable.ImmutableHashSet`1", "System.Collections.Frozen.FrozenSet`1",
        "System.Collections.Generic.SortedSet`1", "System.Collections.Immutable.ImmutableSortedSet`1", "System.Collections.Generic.PriorityQueue`2",
        "System.Collections.Generic.Dictionary`2", "System.Collections.Concurrent.ConcurrentDictionary`2", "System.Collections.Immutable.ImmutableDictionary`2",
        "System.Collections.Frozen.FrozenDictionary`2", "System.Collections.Generic.SortedDictionary`2", "System.Collections.Generic.SortedList`2",
        "System.Collections.Immutable.ImmutableSortedDictionary`2",
        "System.Collections.Generic.IEnumerable`1", "System.Collections.Generic.ICollection`1", "System.Collections.Generic.IReadOnlyCollection`1",
        "System.Collections.Generic.IList`1", "System.Collections.Generic.IReadOnlyList`1", "System.Collections.Generic.ISet`1",
        "System.Collections.Generic.IReadOnlySet`1", "System.Collections.Generic.IDictionary`2", "System.Collections.Generic.IReadOnlyDictionary`2",
        "System.Collections.Immutable.IImmutableList`1", "System.Collections.Immutable.IImmutableQueue`1", "System.Collections.Immutable.IImmutableStack`1",
        "System.Collections.Immutable.IImmutableSet`1", "System.Collections.Immutable.IImmutableDictionary`2",
    };

    public static bool IsContainer(INamedTypeSymbol type) => Frameworks.Has(type) && s_names.Contains(type.OriginalDefinition.MetadataFullName());
}
