using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Collections.ObjectModel;

namespace WatchReload.Hosting.Upgrading.Mapping;

internal abstract class Sequence<T> : Container<T>
{
    public override ContainerFamily Family => ContainerFamily.Sequence;
}

internal sealed class ArrayContainer<T> : Sequence<T>
{
    public override object Allocate(object? comparer, int count) => count == 0 ? Array.Empty<T>() : new T[count];

    public override void Fill(object container, Items items)
    {
        var array = (T[])container;
        for (var i = 0; i < array.Length; i++) array[i] = (T)items.First[i]!;
    }

    public override object Copy(object container, object? comparer) => ((T[])container).Clone();
}

internal sealed class SynthesizedListContainer<T> : Sequence<T>
{
    public override bool IsMutable => false;
}

internal sealed class ListContainer<T> : Sequence<T>
{
    public override object Allocate(object? comparer, int count) => new List<T>(count);

    public override void Fill(object container, Items items)
    {
        var list = (List<T>)container;
        list.Clear();
        foreach (var item in items.First) list.Add((T)item!);
    }

    public override object Copy(object container, object? comparer) => new List<T>((List<T>)container);
}

internal sealed class CollectionContainer<T> : Sequence<T>
{
    public override object Allocate(object? comparer, int count) => new Collection<T>(new List<T>(count));

    public override void Fill(object container, Items items)
    {
        var collection = (Collection<T>)container;
        collection.Clear();
        foreach (var item in items.First) collection.Add((T)item!);
    }
}

internal sealed class ReadOnlyCollectionContainer<T> : Sequence<T>
{
    public override bool IsMutable => false;

    public override object Create(object? comparer, Items items) => new ReadOnlyCollection<T>(Cast(items));
}

internal sealed class LinkedListContainer<T> : Sequence<T>
{
    public override object Allocate(object? comparer, int count) => new LinkedList<T>();

    public override void Fill(object container, Items items)
    {
        var list = (LinkedList<T>)container;
        list.Clear();
        foreach (var item in items.First) list.AddLast((T)item!);
    }
}

internal sealed class QueueContainer<T> : Sequence<T>
{
    public override object Allocate(object? comparer, int count) => new Queue<T>(count);

    public override void Fill(object container, Items items)
    {
        var queue = (Queue<T>)container;
        queue.Clear();
        foreach (var item in items.First) queue.Enqueue((T)item!);
    }

    public override object Copy(object container, object? comparer) => new Queue<T>((Queue<T>)container);
}

internal sealed class ConcurrentQueueContainer<T> : Sequence<T>
{
    public override object Allocate(object? comparer, int count) => new ConcurrentQueue<T>();

    public override void Fill(object container, Items items)
    {
        var queue = (ConcurrentQueue<T>)container;
        queue.Clear();
        foreach (var item in items.First) queue.Enqueue((T)item!);
    }
}

internal sealed class ImmutableListContainer<T> : Sequence<T>
{
    public override bool IsMutable => false;

    public override object Create(object? comparer, Items items) => ImmutableList.Create(Cast(items));
}

internal sealed class ImmutableQueueContainer<T> : Sequence<T>
{
    public override bool IsMutable => false;

    public override object Create(object? comparer, Items items) => ImmutableQueue.Create(Cast(items));

    public override int Count(object container) => ((ImmutableQueue<T>)container).Count();
}
