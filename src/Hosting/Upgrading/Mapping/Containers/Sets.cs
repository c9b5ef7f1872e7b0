using System.Collections.Frozen;
using System.Collections.Immutable;

namespace WatchReload.Hosting.Upgrading.Mapping;

internal sealed class HashSetContainer<T> : Container<T>
{
    public override ContainerFamily Family => ContainerFamily.Set;

    public override object? Comparer(object container) => OrDefault(((HashSet<T>)container).Comparer);

    public override object Allocate(object? comparer, int count) => new HashSet<T>(count, (IEqualityComparer<T>?)comparer);

    public override void Fill(object container, Items items)
    {
        var set = (HashSet<T>)container;
        set.Clear();
        foreach (var item in items.First) set.Add((T)item!);
    }

    public override object Copy(object container, object? comparer) => new HashSet<T>((HashSet<T>)container, (IEqualityComparer<T>?)comparer);
}

internal sealed class ImmutableHashSetContainer<T> : Container<T>
{
    public override ContainerFamily Family => ContainerFamily.Set;

    public override bool IsMutable => false;

    public override object? Comparer(object container) => OrDefault(((ImmutableHashSet<T>)container).KeyComparer);

    public override object Create(object? comparer, Items items) => ImmutableHashSet.Create((IEqualityComparer<T>?)comparer, Cast(items));
}

internal sealed class FrozenSetContainer<T> : Container<T>
{
    public override ContainerFamily Family => ContainerFamily.Set;

    public override bool IsMutable => false;

    public override object? Comparer(object container) => OrDefault(((FrozenSet<T>)container).Comparer);

    public override object Create(object? comparer, Items items) => FrozenSet.ToFrozenSet(Cast(items), (IEqualityComparer<T>?)comparer);
}

internal sealed class SortedSetContainer<T> : Container<T>
{
    public override ContainerFamily Family => ContainerFamily.SortedSet;

    public override object? Comparer(object container) => OrDefault(((SortedSet<T>)container).Comparer);

    public override object Allocate(object? comparer, int count) => new SortedSet<T>((IComparer<T>?)comparer);

    public override void Fill(object container, Items items)
    {
        var set = (SortedSet<T>)container;
        set.Clear();
        foreach (var item in items.First) set.Add((T)item!);
    }
}

internal sealed class ImmutableSortedSetContainer<T> : Container<T>
{
    public override ContainerFamily Family => ContainerFamily.SortedSet;

    public override bool IsMutable => false;

    public override object? Comparer(object container) => OrDefault(((ImmutableSortedSet<T>)container).KeyComparer);

    public override object Create(object? comparer, Items items) => ImmutableSortedSet.Create((IComparer<T>?)comparer, Cast(items));
}

/// <summary>Enqueued in the order of the old heap, so that equal priorities leave as they would have.</summary>
internal sealed class PriorityQueueContainer<TElement, TPriority> : Container
{
    public override ContainerFamily Family => ContainerFamily.Heap;

    public override Type First => typeof(TElement);

    public override Type Second => typeof(TPriority);

    public override object? Comparer(object container)
    {
        var comparer = ((PriorityQueue<TElement, TPriority>)container).Comparer;
        return comparer == Comparer<TPriority>.Default ? null : comparer;
    }

    public override int Count(object container) => ((PriorityQueue<TElement, TPriority>)container).Count;

    public override Items Read(object container)
    {
        var queue = (PriorityQueue<TElement, TPriority>)container;
        var items = Items.Pairs(queue.Count);
        var i = 0;
        foreach (var (element, priority) in queue.UnorderedItems)
        {
            items.First[i] = element;
            items.Second![i++] = priority;
        }

        return items;
    }

    public override object Allocate(object? comparer, int count) => new PriorityQueue<TElement, TPriority>(count, (IComparer<TPriority>?)comparer);

    public override void Fill(object container, Items items)
    {
        var queue = (PriorityQueue<TElement, TPriority>)container;
        queue.Clear();
        for (var i = 0; i < items.Count; i++) queue.Enqueue((TElement)items.First[i]!, (TPriority)items.Second![i]!);
    }
}
