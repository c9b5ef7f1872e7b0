namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>Plans how values of one declared type become values of another.</summary>
internal sealed class ConversionPlanner(Planner planner, ReferencePlanner references)
{
    public MemberPlanner Members { private get; set; } = null!;

    public ElementMapping? PlanElement(Type from, Type to, Place place)
    {
        var conversion = Plan(from, to, place);
        return conversion is null ? null : new ElementMapping(conversion, SlotFor(from, to, "", place));
    }

    public Slot SlotFor(Type from, Type to, string label, Place place)
    {
        var byShape = place.Pair.ByShape;
        var slot = new Slot(label, to, byShape);
        // What belongs to a type that stays must not refer to an old version's types.
        if (from.IsValueType || !planner.Pairs.IsReloaded(place.Pair.Old) || DataKinds.Of(from) is DataKind.Open or DataKind.None || from.IsInterface || from.IsAbstract) return slot;
        return planner.Targets.Find(from, to, ref byShape) is { } target ? slot with { Exact = planner.Require(from, target, byShape, place) } : slot;
    }

    /// <summary>Null when there is a problem, which <paramref name="place"/> was told.</summary>
    public Conversion? Plan(Type from, Type to, Place place)
    {
        if (DataKinds.Of(from) == DataKind.None)
        {
            place.Problem(PairPlanner.NotState(from));
            return null;
        }

        var fits = from == to || (!from.IsValueType && !to.IsValueType && to.IsAssignableFrom(from) && DataKinds.Of(from) != DataKind.Open);
        if (fits && !planner.Reach.MustCopy(from)) return new CopyConversion(from, to);
        var isValue = from.IsValueType || to.IsValueType || DataKinds.Of(from) == DataKind.Value;
        if (!isValue) return references.Plan(from, to, place) ? new ReferenceConversion(from, to) : null;

        var told = place.Notes.ProblemCount;
        var path = planner.Upgrades.Find(from, to);
        if (path.Problem is not null)
        {
            place.Problem(path.Problem);
            return null;
        }

        if (path.Warning is not null) place.Warning(path.Warning);
        planner.WaysBack.Note(from, to, path, place);
        if (path.Upgrade is not null) return PlanUpgrade(from, to, path.Upgrade, place);
        if (path.Downgrade is not null) return PlanDowngrade(from, to, path.Downgrade, place);
        var conversion = IsNullable(from, to) ? PlanNullable(from, to, place) : PlanValue(from, to, place);
        if (conversion is null && place.Notes.ProblemCount == told) Refuse(from, to, place);
        return conversion;
    }

    private bool IsNullable(Type from, Type to)
    {
        var (inner, outer) = (Nullable.GetUnderlyingType(from), Nullable.GetUnderlyingType(to));
        if (outer is not null) return from.IsValueType;
        return inner is not null && planner.Rollback && to.IsValueType;
    }

    private NullableConversion? PlanNullable(Type from, Type to, Place place)
    {
        var (inner, outer) = (Nullable.GetUnderlyingType(from), Nullable.GetUnderlyingType(to));
        if (inner is null) place.Loss($"null has no way back to {TypeNames.Short(from)}");
        return Plan(inner ?? from, outer ?? to, place) is { } value ? new NullableConversion(from, to, value) : null;
    }

    private Conversion? PlanValue(Type from, Type to, Place place)
    {
        if (Numbers.Widens(from, to))
        {
            place.Loss($"a {TypeNames.Short(to)} may not fit {TypeNames.Short(from)} on the way back");
            return Numbers.Widen(from, to);
        }

        if (planner.Rollback && Numbers.Widens(to, from)) return Numbers.Narrow(from, to);
        if (!IsNamesake(from, to, place.Pair.ByShape)) return null;
        if (from.IsEnum && to.IsEnum) return PlanEnum(from, to, place);
        if (from.IsEnum || to.IsEnum || DataKinds.Of(from) != DataKind.Members || DataKinds.Of(to) != DataKind.Members) return null;
        if (to.IsValueType) return PlanStruct(from, to, place);
        planner.Require(from, to, byShape: false, place);
        return new ReferenceConversion(from, to);
    }

    // What is paired by name holds what its own rules say, wherever it is: what it shares with others stays one object.
    private StructConversion? PlanStruct(Type from, Type to, Place place)
    {
        var inner = place.Pair.ByShape && planner.Pairs.Counterpart(from) == to ? place with { Pair = new Pair(place.Pair.Old, place.Pair.New, byShape: false) } : place;
        if (Members.Plan(from, to, inner) is { } members) return new StructConversion(members);
        place.Pair.Problem ??= inner.Pair.Problem;
        return null;
    }

    private EnumConversion PlanEnum(Type from, Type to, Place place)
    {
        var conversion = new EnumConversion(from, to, planner.Rollback);
        if (conversion.Vanished.Count > 0)
            place.Warning($"{TypeNames.Short(from)} has lost {string.Join(", ", conversion.Vanished)}; an object that has it cannot be carried over");
        if (!planner.Rollback && new EnumConversion(to, from, rollback: true) is { Vanished.Count: > 0 } back)
            place.Loss($"{string.Join(", ", back.Vanished)} of {TypeNames.Short(to)} has no way back");
        return conversion;
    }

    private UpgradeConversion? PlanUpgrade(Type from, Type to, Steps steps, Place place)
    {
        var parameter = steps.Types[0];
        var shaped = place with { Pair = new Pair(place.Pair.Old, place.Pair.New, byShape: true) };
        var argument = Plan(from, parameter, shaped);
        if (argument is not null) return new UpgradeConversion(to, argument, SlotFor(from, parameter, "", shaped), steps);
        place.Pair.Problem ??= shaped.Pair.Problem;
        return null;
    }

    private DowngradeConversion? PlanDowngrade(Type from, Type to, Steps steps, Place place)
    {
        var shaped = place with { Pair = new Pair(place.Pair.Old, place.Pair.New, byShape: true) };
        var result = Plan(steps.Result, to, shaped);
        if (result is { IsFlat: true }) return new DowngradeConversion(from, steps, result);
        if (result is not null) place.Problem($"Downgrade of {TypeNames.Short(from)} {WaysBack.ClassesOnly}; write Downgrade of what holds it");
        place.Pair.Problem ??= shaped.Pair.Problem;
        return null;
    }

    // Generic types, tuples too, match by their parts; a handle only the one for the same messages.
    private bool IsNamesake(Type from, Type to, bool byShape)
    {
        if (planner.Pairs.Counterpart(from) == to) return true;
        if (byShape && ShapeEquality.Equal(planner.Pairs, from, to, namesakes: true)) return true;
        return planner.Targets.Generics.Recast(from, to) == to;
    }

    private void Refuse(Type from, Type to, Place place)
    {
        if (Nullable.GetUnderlyingType(from) is { } inner && inner == to) place.Problem($"null has no counterpart in {TypeNames.Short(to)}; keep it nullable, or write Upgrade");
        else if (Numbers.Widens(to, from)) place.Problem($"{TypeNames.Short(from)} does not fit {TypeNames.Short(to)}; keep the wider type, or write Upgrade");
        else place.Problem(planner.Targets.Missing(from, to));
    }
}
