using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Collections.ObjectModel;

namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>The collections that are state, and the interfaces that members may have instead.</summary>
internal static class ContainerTypes
{
    private static readonly Dictionary<Type, Type> s_containers = new()
    {
        [typeof(List<>)] = typeof(ListContainer<>),
        [typeof(Collection<>)] = typeof(CollectionContainer<>),
        [typeof(ReadOnlyCollection<>)] = typeof(ReadOnlyCollectionContainer<>),
        [typeof(LinkedList<>)] = typeof(LinkedListContainer<>),
        [typeof(Queue<>)] = typeof(QueueContainer<>),
        [typeof(ConcurrentQueue<>)] = typeof(ConcurrentQueueContainer<>),
        [typeof(ImmutableList<>)] = typeof(ImmutableListContainer<>),
        [typeof(ImmutableQueue<>)] = typeof(ImmutableQueueContainer<>),
        [typeof(Stack<>)] = typeof(StackContainer<>),
        [typeof(ConcurrentStack<>)] = typeof(ConcurrentStackContainer<>),
        [typeof(ConcurrentBag<>)] = typeof(ConcurrentBagContainer<>),
        [typeof(ImmutableStack<>)] = typeof(ImmutableStackContainer<>),
        [typeof(HashSet<>)] = typeof(HashSetContainer<>),
        [typeof(ImmutableHashSet<>)] = typeof(ImmutableHashSetContainer<>),
        [typeof(FrozenSet<>)] = typeof(FrozenSetContainer<>),
        [typeof(SortedSet<>)] = typeof(SortedSetContainer<>),
        [typeof(ImmutableSortedSet<>)] = typeof(ImmutableSortedSetContainer<>),
        [typeof(PriorityQueue<,>)] = typeof(PriorityQueueContainer<,>),
        [typeof(Dictionary<,>)] = typeof(DictionaryContainer<,>),
        [typeof(ConcurrentDictionary<,>)] = typeof(ConcurrentDictionaryContainer<,>),
        [typeof(ImmutableDictionary<,>)] = typeof(ImmutableDictionaryContainer<,>),
        [typeof(FrozenDictionary<,>)] = typeof(FrozenDictionaryContainer<,>),
        [typeof(SortedDictionary<,>)] = typeof(SortedDictionaryContainer<,>),
        [typeof(SortedList<,>)] = typeof(SortedListContainer<,>),
        [typeof(ImmutableSortedDictionary<,>)] = typeof(ImmutableSortedDictionaryContainer<,>),
    };

    private static readonly HashSet<Type> s_interfaces =
    [
        typeof(IEnumerable<>), typeof(ICollection<>), typeof(IReadOnlyCollection<>), typeof(IList<>), typeof(IReadOnlyList<>),
        typeof(ISet<>), typeof(IReadOnlySet<>), typeof(IDictionary<,>), typeof(IReadOnlyDictionary<,>),
        typeof(IImmutableList<>), typeof(IImmutableQueue<>), typeof(IImmutableStack<>), typeof(IImmutableSet<>), typeof(IImmutableDictionary<,>),
    ];

    /// <summary>A collection, or an interface of collections.</summary>
    public static bool IsContainer(Type type) => IsInterface(type) || Named(type) is not null;

    public static bool IsInterface(Type type) => type.IsConstructedGenericType && s_interfaces.Contains(type.GetGenericTypeDefinition());

    /// <summary>
    /// The collection type that an author would name: frozen collections are of many types, all derived from the one that has a
    /// name. Null for what is no collection here, such as a class of one's own derived from one.
    /// </summary>
    public static Type? Named(Type type)
    {
        if (type.IsSZArray || SynthesizedLists.Has(type) || Has(type)) return type;
        for (var t = type.BaseType; t is not null; t = t.BaseType)
        {
            if (t.IsGenericType && t.GetGenericTypeDefinition() is var d && (d == typeof(FrozenSet<>) || d == typeof(FrozenDictionary<,>))) return t;
        }

        return null;
    }

    /// <summary>How collections of this type, which has a name, are read and made; null when there is no such.</summary>
    public static Container? Of(Type type)
    {
        if (type.IsSZArray) return Make(typeof(ArrayContainer<>), type.GetElementType()!);
        if (SynthesizedLists.Has(type)) return Make(typeof(SynthesizedListContainer<>), SynthesizedLists.Element(type));
        return Has(type) ? Make(s_containers[type.GetGenericTypeDefinition()], type.GetGenericArguments()) : null;
    }

    /// <summary>
    /// The collection that <paramref name="old"/> becomes where the new code has <paramref name="slot"/> and the namesake does not
    /// fit: of the slot's own type if the two are of one family, otherwise of the same kind with the slot's elements.
    /// </summary>
    public static Type? Recast(Type old, Type slot)
    {
        if (Of(old) is not { } container) return null;
        if (Of(slot) is { } wanted) return container.Family == wanted.Family ? slot : null;
        if (!IsInterface(slot)) return null;

        var elements = slot.GetGenericArguments();
        if (elements.Length != (container.Second is null ? 1 : 2)) return null;
        var same = Has(old) ? old.GetGenericTypeDefinition().MakeGenericType(elements) : elements[0].MakeArrayType();
        return slot.IsAssignableFrom(same) ? same : null;
    }

    private static bool Has(Type type) => type.IsConstructedGenericType && s_containers.ContainsKey(type.GetGenericTypeDefinition());

    private static Container Make(Type definition, params Type[] elements) => (Container)Activator.CreateInstance(definition.MakeGenericType(elements))!;
}
