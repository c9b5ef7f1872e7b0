namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>Plans the members of a pair of types. Every field of the new type gets a value, or the plan is refused.</summary>
internal sealed class MemberPlanner(Planner planner, ConversionPlanner conversions)
{
    /// <summary>Null when there is a problem, which <paramref name="place"/> was told.</summary>
    public MemberMapping? Plan(Type old, Type target, Place place)
    {
        var members = new MemberPairs(old, target, planner.Pairs, planner.Rollback);
        foreach (var problem in members.Problems) place.Problem(problem);
        var possible = members.Problems.Count == 0;
        var moved = new List<MovedMember>();
        foreach (var (from, to) in members.Moved)
        {
            if (PlanMoved(from, to, place.At("." + from.Name)) is { } member) moved.Add(member);
            else possible = false;
        }

        var added = new AddedMembers(target, members.Added);
        foreach (var member in added.Without)
        {
            place.At("." + member.Name).Problem(AddedMembers.NoValue);
            possible = false;
        }

        if (!place.Pair.ByShape && planner.Targets.Generics.Unfit(old, target, [.. members.Moved.Select(m => m.New.Field)]) is { } unfit)
        {
            place.Problem(unfit);
            possible = false;
        }

        Note(old, members, place);
        return possible ? new MemberMapping(old, target, moved, added.Constants, added.ByConstructor) : null;
    }

    private MovedMember? PlanMoved(DataMember from, DataMember to, Place place)
    {
        if (conversions.Plan(from.Type, to.Type, place) is not { } conversion) return null;
        var refuseNull = !from.Type.IsValueType && !to.Type.IsValueType && from.Field != to.Field && from.IsNullable() && to.IsNonNullable();
        if (refuseNull && conversion.IsCopy) conversion = new NotNullConversion(from.Type, to.Type);
        if (refuseNull) place.Warning("was nullable and is not any more; an object that has null here cannot be carried over");
        else if (!from.Type.IsValueType && from.Field != to.Field && to.IsNullable() && from.IsNonNullable()) place.Loss("null has no way back, as it was not nullable");
        var slot = conversions.SlotFor(from.Type, to.Type, "." + from.Name, place) with { RefuseNull = refuseNull };
        return new MovedMember(from.Field, to.Field, conversion, slot);
    }

    private void Note(Type old, MemberPairs members, Place place)
    {
        foreach (var member in members.Removed) place.Notes.Removed($"{place.Path}.{member.Name}");
        if (planner.Rollback)
        {
            foreach (var member in members.Added) place.Notes.Given($"{place.Path}.{member.Name}");
            return;
        }

        foreach (var member in members.Added) place.At("." + member.Name).Loss("is new, and is lost on the way back");
        var without = new AddedMembers(old, members.Removed).Without;
        foreach (var member in members.Removed)
        {
            if (without.Contains(member)) place.At("." + member.Name).Loss("is removed, and has no default on the way back", Reversibility.No);
            else place.At("." + member.Name).Loss("is removed, and has its default on the way back");
        }
    }
}
