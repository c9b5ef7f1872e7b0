namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>
/// Plans pairs of types and all that they lead to, breadth first. One use: <see cref="MappingSet"/> publishes what it planned.
/// </summary>
internal sealed class Planner
{
    private readonly Func<Type, Type, bool, Pair?> _known;
    private readonly Dictionary<(Type, Type, bool), Pair> _planned = [];
    private readonly List<Pair> _new = [];
    private readonly Queue<Place> _work = new();
    private readonly PairPlanner _pairPlanner;
    private readonly Lazy<IReadOnlyList<Type>> _newTypes;

    /// <param name="pairs">Which type becomes which.</param>
    /// <param name="reach">What types that stay can hold.</param>
    /// <param name="direction">Forward, or back to an older release.</param>
    /// <param name="known">Pairs planned earlier.</param>
    /// <param name="isInUse">
    /// Of the derived types that a member could hold, those to look at. Null: none, as for a single object that was not planned for, whose own types tell.
    /// </param>
    public Planner(TypePairs pairs, Reach reach, MappingDirection direction, Func<Type, Type, bool, Pair?> known, Func<Type, bool>? isInUse)
    {
        (Pairs, Reach, Direction, _known) = (pairs, reach, direction, known);
        Notes = new PlanNotes(direction);
        Upgrades = new UpgradePaths(pairs, direction);
        WaysBack = new WaysBack(this);
        Targets = new TargetTypes(pairs, Upgrades);
        Old = isInUse is null ? null : new OldTypes(pairs, isInUse);
        _pairPlanner = new PairPlanner(this);
        _newTypes = new(() => OldTypes.Concrete(pairs.NewTypes));
    }

    public TypePairs Pairs { get; }

    public Reach Reach { get; }

    public MappingDirection Direction { get; }

    public UpgradePaths Upgrades { get; }

    public WaysBack WaysBack { get; }

    public TargetTypes Targets { get; }

    public OldTypes? Old { get; }

    public PlanNotes Notes { get; }

    /// <summary>The pairs that were not known before.</summary>
    public IReadOnlyList<Pair> New => _new;

    public bool Rollback => Direction == MappingDirection.Rollback;

    /// <summary>The new version's types derived from a type, or that implement it.</summary>
    public IEnumerable<Type> NewUnder(Type type) => OldTypes.Under(type, _newTypes.Value);

    /// <param name="type">The old type.</param>
    /// <param name="slot">What must hold it in the new version, if that is known.</param>
    public void Root(Type type, Type? slot)
    {
        Old?.Meet(type);
        var path = TypeNames.Short(type);
        var counterpart = Pairs.Counterpart(type);
        var fits = counterpart is not null && slot?.IsAssignableFrom(counterpart) != false;
        if ((fits ? counterpart : slot) is not { } target)
        {
            Notes.Problem(path, Pairs.Missing(type));
            return;
        }

        if (fits && !Pairs.IsReloaded(type) && !Reach.CanReach(type)) return;
        // A declared message type is often abstract: then what matters is what derives from it.
        var nowhere = new Place(new Pair(type, target, byShape: false), Notes, path, "");
        _pairPlanner.References.Plan(type, target, nowhere);
        Run();
    }

    /// <summary>The pair, planned now, earlier, or when its turn comes.</summary>
    public Pair Require(Type old, Type target, bool byShape, Place from)
    {
        Old?.Meet(old);
        var key = (old, target, byShape);
        if (_planned.TryGetValue(key, out var pair)) return pair;
        var known = _known(old, target, byShape);
        // What is known already is planned once more for the report alone.
        if (known is null || Old is not null)
        {
            var fresh = new Pair(old, target, byShape);
            if (known is null) _new.Add(fresh);
            if (TypeNesting.IsEndless(old)) from.Problem(TypeNesting.Problem);
            else _work.Enqueue(new Place(fresh, Notes, from.Path, ""));
            known ??= fresh;
        }

        _planned.Add(key, known);
        return known;
    }

    public void Run()
    {
        while (_work.TryDequeue(out var place))
        {
            var mapping = _pairPlanner.Plan(place);
            if (place.Pair.Problem is null) place.Pair.Mapping = mapping;
        }
    }
}
