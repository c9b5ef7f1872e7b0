namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>Tells, when a type becomes another that has <c>Upgrade</c> or <c>Downgrade</c>, what the way back will refuse.</summary>
internal sealed class WaysBack(Planner planner)
{
    public const string ClassesOnly = "gives references, which is possible from a class to a class only";

    /// <param name="from">The older type.</param>
    /// <param name="to">The newer type.</param>
    public void Note(Type from, Type to, UpgradePath path, Place place)
    {
        if (planner.Rollback || path.Problem is not null) return;
        var name = TypeNames.Short(to);
        switch (planner.Upgrades.WaysBack(from, to))
        {
            case 0:
                if (path.Upgrade is not null) place.Loss($"{name} has an Upgrade and no Downgrade to what it was", Reversibility.No);
                break;
            case 1:
                if (IsInPlace(from, to, place) && !IsPlain(from)) place.Loss($"Downgrade of {name} {ClassesOnly}", Reversibility.No);
                break;
            default:
                place.Loss($"{name} has more than one Downgrade to what it was", Reversibility.No);
                break;
        }
    }

    // In a box it is an object of its own, and can become any other.
    private static bool IsInPlace(Type from, Type to, Place place) =>
        (from.IsValueType || to.IsValueType) && (from.IsValueType || place.Pair.Old != from || place.Pair.New != to);

    // What Downgrade returns has the shape of the older type.
    private bool IsPlain(Type type)
    {
        if (!type.IsValueType) return !planner.Reach.MustCopy(type);
        return DataKinds.Of(type) == DataKind.Value || DataMember.Of(type).All(m => m.Type != type && IsPlain(m.Type));
    }
}
