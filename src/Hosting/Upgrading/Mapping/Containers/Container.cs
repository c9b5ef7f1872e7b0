namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>What two collections must have in common for one to become the other.</summary>
internal enum ContainerFamily
{
    Sequence,
    Stack,
    Set,
    SortedSet,
    Map,
    SortedMap,
    Heap,
}

/// <summary>
/// Reads and makes collections of one type. Its elements pass as objects: the reader of the old type and the maker of the new one
/// meet in no generic instantiation, which would tie the lifetimes of the two versions.
/// </summary>
internal abstract class Container
{
    public abstract ContainerFamily Family { get; }

    /// <summary>Whether it is made empty and filled later; otherwise it is made from all its elements at once.</summary>
    public virtual bool IsMutable => true;

    /// <summary>Elements of a sequence or set; keys of a map; elements of a heap.</summary>
    public abstract Type First { get; }

    /// <summary>Values of a map, priorities of a heap.</summary>
    public virtual Type? Second => null;

    public abstract int Count(object container);

    public abstract Items Read(object container);

    /// <summary>Null for the type's default.</summary>
    public virtual object? Comparer(object container) => null;

    public virtual object Allocate(object? comparer, int count) => throw new NotSupportedException();

    /// <summary>Replaces what it has; called again when more is known of the elements.</summary>
    public virtual void Fill(object container, Items items) => throw new NotSupportedException();

    public virtual object Create(object? comparer, Items items) => throw new NotSupportedException();

    /// <summary>A copy with the same elements, without handling each as an object; null when there is no such way.</summary>
    public virtual object? Copy(object container, object? comparer) => null;
}

/// <summary>The elements of one collection, in its order.</summary>
internal readonly record struct Items(object?[] First, object?[]? Second = null)
{
    public int Count => First.Length;

    public static Items Pairs(int count) => new(new object?[count], new object?[count]);

    /// <summary>Place for as many.</summary>
    public Items Alike() => Second is null ? new(new object?[Count]) : Pairs(Count);
}

/// <summary>A collection of single elements.</summary>
internal abstract class Container<T> : Container
{
    public override Type First => typeof(T);

    public override Items Read(object container)
    {
        var items = new object?[Count(container)];
        var i = 0;
        foreach (var item in (IEnumerable<T>)container) items[i++] = item;
        return new Items(items);
    }

    public override int Count(object container) => ((IReadOnlyCollection<T>)container).Count;

    protected static T[] Cast(Items items) => Array.ConvertAll(items.First, item => (T)item!);

    protected static object? OrDefault(IEqualityComparer<T>? comparer) => comparer == EqualityComparer<T>.Default ? null : comparer;

    protected static object? OrDefault(IComparer<T>? comparer) => comparer == Comparer<T>.Default ? null : comparer;
}

/// <summary>A collection of keys with values.</summary>
internal abstract class Container<TKey, TValue> : Container where TKey : notnull
{
    public override Type First => typeof(TKey);

    public override Type Second => typeof(TValue);

    public override int Count(object container) => ((IReadOnlyCollection<KeyValuePair<TKey, TValue>>)container).Count;

    public override Items Read(object container)
    {
        var items = Items.Pairs(Count(container));
        var i = 0;
        foreach (var (key, value) in (IEnumerable<KeyValuePair<TKey, TValue>>)container)
        {
            items.First[i] = key;
            items.Second![i++] = value;
        }

        return items;
    }

    protected static IEnumerable<KeyValuePair<TKey, TValue>> Cast(Items items)
    {
        for (var i = 0; i < items.Count; i++) yield return new((TKey)items.First[i]!, (TValue)items.Second![i]!);
    }

    protected static object? OrDefault(IEqualityComparer<TKey>? comparer) => comparer == EqualityComparer<TKey>.Default ? null : comparer;

    protected static object? OrDefault(IComparer<TKey>? comparer) => comparer == Comparer<TKey>.Default ? null : comparer;

    protected static object? OrDefault(IEqualityComparer<TValue>? comparer) => comparer == EqualityComparer<TValue>.Default ? null : comparer;
}
