namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>Plans what a reference of one declared type can hold, for a place of another.</summary>
internal sealed class ReferencePlanner(Planner planner)
{
    public ConversionPlanner Conversions { private get; set; } = null!;

    /// <summary>False when there is a problem, which <paramref name="place"/> was told.</summary>
    public bool Plan(Type from, Type to, Place place)
    {
        planner.Old?.Meet(from);
        if (ContainerTypes.IsInterface(from)) return PlanInterface(from, to, place);
        // Frozen collections are abstract, and nobody can derive from them: the name says all.
        var isExact = ContainerTypes.Named(from) == from || (!from.IsInterface && !from.IsAbstract && DataKinds.Of(from) != DataKind.Open);
        if (isExact && !PlanExact(from, to, place)) return false;
        if (!isExact && from != typeof(object) && planner.Pairs.Counterpart(from) is null && !to.IsAssignableFrom(from) && planner.Old?.Under(from).Any() == false)
        {
            place.Problem(planner.Targets.Missing(from, to));
            return false;
        }

        if (!from.IsSealed && planner.Old is not null) PlanDerived(from, to, place);
        return true;
    }

    private bool PlanExact(Type from, Type to, Place place)
    {
        var byShape = place.Pair.ByShape;
        if (planner.Targets.Find(from, to, ref byShape) is { } target)
        {
            planner.Require(from, target, byShape, place);
            return true;
        }

        place.Problem(planner.Targets.Missing(from, to));
        return false;
    }

    // The object at hand decides; its elements are known.
    private bool PlanInterface(Type from, Type to, Place place)
    {
        var (old, target) = (from.GetGenericArguments(), to.IsArray ? [to.GetElementType()!] : to.GetGenericArguments());
        if (!(to == typeof(object) || ContainerTypes.IsContainer(to)) || (target.Length > 0 && old.Length != target.Length))
        {
            place.Problem(planner.Targets.Missing(from, to));
            return false;
        }

        var possible = true;
        for (var i = 0; i < target.Length; i++) possible &= Conversions.Plan(old[i], target[i], place.At(old.Length == 2 && i == 0 ? "[].Key" : "[]")) is not null;
        return possible;
    }

    private void PlanDerived(Type from, Type to, Place place)
    {
        var reached = new HashSet<Type>();
        foreach (var derived in planner.Old!.Under(from).ToList())
        {
            var within = place with { Path = $"{place.Path}({TypeNames.Short(derived)})" };
            var byShape = place.Pair.ByShape;
            if (planner.Targets.Find(derived, to, ref byShape) is { } target)
            {
                reached.Add(target);
                planner.Require(derived, target, byShape, within);
            }
            else
            {
                within.Warning($"{planner.Targets.Missing(derived, to)}. Until then an object of it cannot be carried over");
            }
        }

        if (planner.Rollback || to == typeof(object)) return;
        foreach (var added in planner.NewUnder(to).Where(t => t != planner.Pairs.Counterpart(from) && !reached.Contains(t)))
            place.Loss($"{TypeNames.Short(added)} is new; an object of it has no way back");
    }
}
