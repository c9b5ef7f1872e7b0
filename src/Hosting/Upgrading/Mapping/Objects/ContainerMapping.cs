using System.Reflection;
using System.Runtime.CompilerServices;

namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>How one kind of elements of a collection is carried over.</summary>
internal sealed record ElementMapping(Conversion Conversion, Slot Slot);

/// <summary>Collections, element by element.</summary>
/// <param name="from">Reads the old ones.</param>
/// <param name="to">Makes the new ones.</param>
internal sealed class ContainerMapping(Container from, Container to, ElementMapping first, ElementMapping? second) : ObjectMapping
{
    private readonly bool _flat = first.Conversion.IsFlat && second?.Conversion.IsFlat != false;
    private readonly bool _copies = from.GetType() == to.GetType() && first.Conversion.IsCopy && second?.Conversion.IsCopy != false;
    private readonly bool _byElement = to.Family switch
    {
        ContainerFamily.Sequence or ContainerFamily.Stack => false,
        ContainerFamily.Heap => !second!.Conversion.IsFlat,
        _ => !first.Conversion.IsFlat,
    };

    public override Making Making => _flat ? Making.AtOnce : to.IsMutable ? Making.Shell : Making.Late;

    public override bool RunsService => first.Conversion.RunsService || second?.Conversion.RunsService == true;

    public override bool NeedsOrder => !_flat && (_byElement || !to.IsMutable);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override object Make(object old, MappingRun? run)
    {
        // A comparer has no part in cycles: it may hold plain values only.
        var comparer = MapComparer(old, run!);
        if (_copies && to.Copy(old, comparer) is { } copy) return copy;
        if (!_flat) return to.Allocate(comparer, from.Count(old));
        var items = from.Read(old);
        if (_copies && !to.IsMutable && ReferenceEquals(comparer, from.Comparer(old))) return old;
        if (!_copies) Convert(items, items, run!);
        if (!to.IsMutable) return to.Create(comparer, items);
        var fresh = to.Allocate(comparer, items.Count);
        to.Fill(fresh, items);
        return fresh;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Visit(object old, object? fresh, MappingRun run)
    {
        var items = from.Read(old);
        if (!_flat) Reserve(items, run);
        Convert(items, items, run);
        if (!NeedsOrder) to.Fill(fresh!, items);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override object? Finish(object old, object? fresh, MappingRun run)
    {
        var before = from.Read(old);
        var items = to.IsMutable ? before : before.Alike();
        Convert(before, items, run);
        if (run.IsMissing) return fresh;
        if (to.IsMutable)
        {
            to.Fill(fresh!, items);
            return fresh;
        }

        var comparer = MapComparer(old, run);
        return IsSame(before, items) && ReferenceEquals(comparer, from.Comparer(old)) && to.GetType() == from.GetType() ? old : to.Create(comparer, items);
    }

    public override void Compile()
    {
        first.Conversion.Compile(inline: false);
        second?.Conversion.Compile(inline: false);
        foreach (var side in new[] { from.GetType(), to.GetType() })
        {
            foreach (var method in side.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
            {
                if (method.DeclaringType != typeof(object) && !method.IsAbstract) Jit.Prepare(method);
            }
        }
    }

    // The two may be one.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Convert(Items old, Items converted, MappingRun run)
    {
        for (var i = 0; i < old.Count; i++)
        {
            run.Element = i;
            converted.First[i] = first.Conversion.Apply(old.First[i], run, first.Slot);
            if (old.Second is not null) converted.Second![i] = second!.Conversion.Apply(old.Second[i], run, second.Slot);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Reserve(Items items, MappingRun run)
    {
        var (firsts, seconds) = (FilledSlots.Count(items.First), FilledSlots.Count(items.Second));
        run.Reserve((firsts * Refers(first)) + (seconds * Refers(second)), (firsts * Visits(first)) + (seconds * Visits(second)));
    }

    private static int Refers(ElementMapping? element) => element?.Conversion.IsFlat == false ? 1 : 0;

    private static int Visits(ElementMapping? element) => element?.Slot.Exact?.Mapping?.Making is Making.Shell or Making.Late ? 1 : 0;

    private object? MapComparer(object old, MappingRun run)
    {
        if (from.Comparer(old) is not { } comparer) return null;
        run.Element = 0;
        return run.Comparer(comparer, first.Slot);
    }

    private static bool IsSame(Items before, Items after)
    {
        for (var i = 0; i < before.Count; i++)
        {
            if (!Same(before.First[i], after.First[i]) || (before.Second is not null && !Same(before.Second[i], after.Second![i]))) return false;
        }

        return true;
    }

    private static bool Same(object? before, object? after) => ReferenceEquals(before, after) || (before is ValueType && before.Equals(after));
}
