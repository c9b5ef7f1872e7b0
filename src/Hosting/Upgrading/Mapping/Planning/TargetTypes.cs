namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>Which new type an object of an old type becomes, at a place that can hold a given type.</summary>
internal sealed class TargetTypes(TypePairs pairs, UpgradePaths upgrades)
{
    /// <summary>Where only type arguments have changed.</summary>
    public GenericTargets Generics { get; } = new(pairs);

    /// <param name="old">The object's own type.</param>
    /// <param name="slot">The declared type of the new place.</param>
    /// <param name="byShape">See <see cref="Pair"/>; set to whether what is found was found so.</param>
    public Type? Find(Type old, Type slot, ref bool byShape)
    {
        var named = ContainerTypes.Named(old) ?? old;
        var shapes = byShape;
        byShape = false;
        if (!SynthesizedLists.Has(named) && pairs.Counterpart(named) is { } counterpart && slot.IsAssignableFrom(counterpart)) return counterpart;
        byShape = shapes;
        if (SynthesizedLists.Has(named) && !slot.IsConstructedGenericType && !slot.IsArray)
            return pairs.Counterpart(SynthesizedLists.Element(named)) is { } element && slot.IsAssignableFrom(element.MakeArrayType()) ? element.MakeArrayType() : null;
        if (ContainerTypes.Recast(named, slot) is { } recast) return recast;
        if (named.IsArray && slot.IsArray && named.GetArrayRank() == slot.GetArrayRank()) return slot;
        if (Generics.Recast(named, slot) is { } constructed) return constructed;
        if (slot.IsInterface || slot.IsAbstract) return null;
        // Which values become which is the conversions' matter.
        if (slot.IsValueType && old.IsValueType) return slot;
        if (shapes && ShapeEquality.Equal(pairs, named, slot, namesakes: true)) return slot;
        return upgrades.Find(named, slot) is { Upgrade: null, Downgrade: null, Problem: null } ? null : slot;
    }

    /// <summary>Why there is none, with the remedy.</summary>
    public string Missing(Type old, Type slot) => pairs.Counterpart(old) is { } counterpart && counterpart != old
        ? $"{TypeNames.Full(old)} is now {(SourceNames.Full(counterpart) == SourceNames.Full(old) ? "another type" : TypeNames.Full(counterpart))} and cannot become {TypeNames.Full(slot)}; write Upgrade"
        : pairs.IsReloaded(old) && pairs.Counterpart(old) is null ? pairs.Missing(old)
        : $"{TypeNames.Full(old)} cannot become {TypeNames.Full(slot)}; write Upgrade";
}
