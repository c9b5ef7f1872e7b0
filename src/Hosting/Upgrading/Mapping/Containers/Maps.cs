using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;

namespace WatchReload.Hosting.Upgrading.Mapping;

internal sealed class DictionaryContainer<TKey, TValue> : Container<TKey, TValue> where TKey : notnull
{
    public override ContainerFamily Family => ContainerFamily.Map;

    public override object? Comparer(object container) => OrDefault(((Dictionary<TKey, TValue>)container).Comparer);

    public override object Allocate(object? comparer, int count) => new Dictionary<TKey, TValue>(count, (IEqualityComparer<TKey>?)comparer);

    public override void Fill(object container, Items items)
    {
        var map = (Dictionary<TKey, TValue>)container;
        map.Clear();
        for (var i = 0; i < items.Count; i++) map.Add((TKey)items.First[i]!, (TValue)items.Second![i]!);
    }

    public override object Copy(object container, object? comparer) => new Dictionary<TKey, TValue>((Dictionary<TKey, TValue>)container, (IEqualityComparer<TKey>?)comparer);
}

internal sealed class ConcurrentDictionaryContainer<TKey, TValue> : Container<TKey, TValue> where TKey : notnull
{
    public override ContainerFamily Family => ContainerFamily.Map;

    public override object? Comparer(object container) => OrDefault(((ConcurrentDictionary<TKey, TValue>)container).Comparer);

    public override object Allocate(object? comparer, int count) => new ConcurrentDictionary<TKey, TValue>((IEqualityComparer<TKey>?)comparer);

    public override void Fill(object container, Items items)
    {
        var map = (ConcurrentDictionary<TKey, TValue>)container;
        map.Clear();
        foreach (var (key, value) in Cast(items))
        {
            if (!map.TryAdd(key, value)) throw new ArgumentException($"An item with the same key has already been added. Key: {key}");
        }
    }
}

internal sealed class ImmutableDictionaryContainer<TKey, TValue> : Container<TKey, TValue> where TKey : notnull
{
    public override ContainerFamily Family => ContainerFamily.Map;

    public override bool IsMutable => false;

    public override object? Comparer(object container) => OrDefault(((ImmutableDictionary<TKey, TValue>)container).KeyComparer);

    public override object Create(object? comparer, Items items) => ImmutableDictionary.CreateRange((IEqualityComparer<TKey>?)comparer, Cast(items));
}

internal sealed class FrozenDictionaryContainer<TKey, TValue> : Container<TKey, TValue> where TKey : notnull
{
    public override ContainerFamily Family => ContainerFamily.Map;

    public override bool IsMutable => false;

    public override object? Comparer(object container) => OrDefault(((FrozenDictionary<TKey, TValue>)container).Comparer);

    // Its own way from pairs keeps the last of those with one key.
    public override object Create(object? comparer, Items items)
    {
        var map = new Dictionary<TKey, TValue>(items.Count, (IEqualityComparer<TKey>?)comparer);
        foreach (var (key, value) in Cast(items)) map.Add(key, value);
        return FrozenDictionary.ToFrozenDictionary(map, (IEqualityComparer<TKey>?)comparer);
    }
}

internal sealed class SortedDictionaryContainer<TKey, TValue> : Container<TKey, TValue> where TKey : notnull
{
    public override ContainerFamily Family => ContainerFamily.SortedMap;

    public override object? Comparer(object container) => OrDefault(((SortedDictionary<TKey, TValue>)container).Comparer);

    public override object Allocate(object? comparer, int count) => new SortedDictionary<TKey, TValue>((IComparer<TKey>?)comparer);

    public override void Fill(object container, Items items)
    {
        var map = (SortedDictionary<TKey, TValue>)container;
        map.Clear();
        for (var i = 0; i < items.Count; i++) map.Add((TKey)items.First[i]!, (TValue)items.Second![i]!);
    }
}

internal sealed class SortedListContainer<TKey, TValue> : Container<TKey, TValue> where TKey : notnull
{
    public override ContainerFamily Family => ContainerFamily.SortedMap;

    public override object? Comparer(object container) => OrDefault(((SortedList<TKey, TValue>)container).Comparer);

    public override object Allocate(object? comparer, int count) => new SortedList<TKey, TValue>(count, (IComparer<TKey>?)comparer);

    public override void Fill(object container, Items items)
    {
        var map = (SortedList<TKey, TValue>)container;
        map.Clear();
        for (var i = 0; i < items.Count; i++) map.Add((TKey)items.First[i]!, (TValue)items.Second![i]!);
    }
}

internal sealed class ImmutableSortedDictionaryContainer<TKey, TValue> : Container<TKey, TValue> where TKey : notnull
{
    public override ContainerFamily Family => ContainerFamily.SortedMap;

    public override bool IsMutable => false;

    public override object? Comparer(object container) => OrDefault(((ImmutableSortedDictionary<TKey, TValue>)container).KeyComparer);

    public override object Create(object? comparer, Items items) => ImmutableSortedDictionary.CreateRange((IComparer<TKey>?)comparer, Cast(items));
}
