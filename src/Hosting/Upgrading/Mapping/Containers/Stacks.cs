using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>Read from the top, so filled from the end.</summary>
internal abstract class StackFamily<T> : Container<T>
{
    public override ContainerFamily Family => ContainerFamily.Stack;
}

internal sealed class StackContainer<T> : StackFamily<T>
{
    public override object Allocate(object? comparer, int count) => new Stack<T>(count);

    public override void Fill(object container, Items items)
    {
        var stack = (Stack<T>)container;
        stack.Clear();
        for (var i = items.Count - 1; i >= 0; i--) stack.Push((T)items.First[i]!);
    }
}

internal sealed class ConcurrentStackContainer<T> : StackFamily<T>
{
    public override object Allocate(object? comparer, int count) => new ConcurrentStack<T>();

    public override void Fill(object container, Items items)
    {
        var stack = (ConcurrentStack<T>)container;
        stack.Clear();
        for (var i = items.Count - 1; i >= 0; i--) stack.Push((T)items.First[i]!);
    }
}

internal sealed class ImmutableStackContainer<T> : StackFamily<T>
{
    public override bool IsMutable => false;

    public override int Count(object container) => ((ImmutableStack<T>)container).Count();

    public override object Create(object? comparer, Items items)
    {
        var stack = ImmutableStack<T>.Empty;
        for (var i = items.Count - 1; i >= 0; i--) stack = stack.Push((T)items.First[i]!);
        return stack;
    }
}

internal sealed class ConcurrentBagContainer<T> : StackFamily<T>
{
    public override object Allocate(object? comparer, int count) => new ConcurrentBag<T>();

    public override void Fill(object container, Items items)
    {
        var bag = (ConcurrentBag<T>)container;
        bag.Clear();
        for (var i = items.Count - 1; i >= 0; i--) bag.Add((T)items.First[i]!);
    }
}
