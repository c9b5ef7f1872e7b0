using System.Runtime.CompilerServices;

namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>How objects of exactly one type are mapped to one place. Looked up once for many objects.</summary>
internal readonly struct TypeMapping(MappingSet set, Pair pair, Type target)
{
    /// <summary>Whether an object needs no other one: it is mapped at once, without a run.</summary>
    public bool IsFlat => pair.Mapping is SharedAsIs or { IsFlat: true } and not SharedMapping;

    /// <inheritdoc cref="Conversion.RunsService"/>
    public bool RunsService => pair.Mapping is { RunsService: true };

    /// <exception cref="MappingException">It cannot be mapped; the path says what of it.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public object Map(object old)
    {
        if (!IsFlat) return MappingRun.Map(old, pair, pair.RootFor(target), set)!;
        if (pair.Mapping is SharedAsIs) return old;
        try
        {
            return pair.Mapping!.Make(old, null);
        }
        catch (Exception cause)
        {
            throw MappingException.From(cause, TypeNames.Short(old.GetType()));
        }
    }
}
