namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>Plans how objects of one type become objects of another.</summary>
internal sealed class PairPlanner
{
    private readonly Planner _planner;
    private readonly ConversionPlanner _conversions;
    private readonly MemberPlanner _members;

    public PairPlanner(Planner planner)
    {
        _planner = planner;
        References = new ReferencePlanner(planner);
        _conversions = new ConversionPlanner(planner, References);
        _members = new MemberPlanner(planner, _conversions);
        (References.Conversions, _conversions.Members) = (_conversions, _members);
    }

    public ReferencePlanner References { get; }

    /// <summary>Null when there is a problem, which <paramref name="place"/> was told.</summary>
    public ObjectMapping? Plan(Place place)
    {
        var (old, target) = (place.Pair.Old, place.Pair.New);
        if (old == target && !MustCopy(old)) return SharedAsIs.Instance;
        if (target.IsValueType) return PlanBox(place);

        var path = _planner.Upgrades.Find(old, target);
        if (path.Problem is not null)
        {
            place.Problem(path.Problem);
            return null;
        }

        if (path.Warning is not null) place.Warning(path.Warning);
        _planner.WaysBack.Note(old, target, path, place);
        if (path.Upgrade is not null) return PlanUpgrade(place, path.Upgrade);
        if (path.Downgrade is not null) return PlanDowngrade(place, path.Downgrade);

        switch (DataKinds.Of(old))
        {
            case DataKind.Clone:
                return CloneMapping.Instance;
            case DataKind.Container when old.IsArray && !old.IsSZArray:
                var (element, into) = (old.GetElementType()!, target.GetElementType()!);
                return _conversions.PlanElement(element, into, place.At("[]")) is { } elements ? new GridMapping(element, into, elements) : null;
            case DataKind.Container:
                return PlanContainer(place, ContainerTypes.Of(old), ContainerTypes.Of(target));
            case DataKind.Members when DataKinds.Of(target) == DataKind.Members && !target.IsAbstract:
                if (_members.Plan(old, target, place) is not { } members) return null;
                return old == target ? new SharedMapping(members) : new RecordMapping(members);
            default:
                place.Problem(DataKinds.Of(old) == DataKind.None ? NotState(old) : _planner.Targets.Missing(old, target));
                return null;
        }
    }

    public static string NotState(Type type) => $"{TypeNames.Full(type)} is not state";

    private bool MustCopy(Type type) => DataKinds.Of(type) switch
    {
        DataKind.None => !Comparers.IsShared(type),
        DataKind.Members when !type.IsValueType => _planner.Reach.CanReach(type),
        _ => _planner.Reach.MustCopy(type),
    };

    private BoxMapping? PlanBox(Place place)
    {
        var conversion = _conversions.Plan(place.Pair.Old, place.Pair.New, place);
        return conversion is null ? null : new BoxMapping(conversion, _conversions.SlotFor(place.Pair.Old, place.Pair.New, "", place));
    }

    private UpgradeMapping PlanUpgrade(Place place, Steps steps)
    {
        var (old, parameter) = (place.Pair.Old, steps.Types[0]);
        var pair = _planner.Require(old, parameter, byShape: true, place);
        return new UpgradeMapping(pair, new Slot("", parameter, ByShape: true) { Exact = pair }, steps);
    }

    private DowngradeMapping PlanDowngrade(Place place, Steps steps)
    {
        var pair = _planner.Require(steps.Result, place.Pair.New, byShape: true, place);
        return new DowngradeMapping(new Slot("", place.Pair.New, ByShape: true) { Exact = pair }, steps);
    }

    private ContainerMapping? PlanContainer(Place place, Container? from, Container? to)
    {
        if (from is null || to is null || from.Family != to.Family)
        {
            place.Problem(_planner.Targets.Missing(place.Pair.Old, place.Pair.New));
            return null;
        }

        var first = _conversions.PlanElement(from.First, to.First, place.At(from.Second is null ? "[]" : "[].Key"));
        if (from.Second is null) return first is null ? null : new ContainerMapping(from, to, first, null);
        var second = _conversions.PlanElement(from.Second, to.Second!, place.At("[]"));
        return first is null || second is null ? null : new ContainerMapping(from, to, first, second);
    }
}
