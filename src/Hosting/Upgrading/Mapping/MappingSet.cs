using System.Runtime.CompilerServices;

namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>
/// The mappings to the types of one version, from any other version.
/// </summary>
/// <remarks>
/// Theory of operation. A pair (old type, new type) is planned once and then compiled on first use, or by <see cref="WarmUp"/>.
/// Everything that names an old type hangs on that type by a weak key: an old version can be unloaded while this set lives. No
/// pair refers back to this set: an old version that lingers does not keep alive the set, and with it the newer version, either. Reading takes no lock.
/// </remarks>
internal sealed class MappingSet
{
    private readonly Lock _planning = new();
    private readonly ConditionalWeakTable<Type, PairsOfType> _pairs = [];
    private readonly MappingDirection _direction;

    public MappingSet(ITypePairing pairing, MappingDirection direction)
    {
        _direction = direction;
        Pairs = new TypePairs(pairing, direction);
        Reach = new Reach(Pairs);
        FirstLook = new FirstLook(Pairs, Reach);
    }

    internal TypePairs Pairs { get; }

    internal Reach Reach { get; }

    internal FirstLook FirstLook { get; }

    /// <summary>Plans the mapping of objects of <paramref name="roots"/>, which are old types, and of all they can hold.</summary>
    public MappingPlan Plan(IEnumerable<Type> roots) => Plan(roots.Select(root => (root, (Type?)null)));

    /// <summary>The same, where it is known what must hold an object of each in the new version; null: its counterpart will do.</summary>
    /// <param name="roots">Old types, and what must hold an object of each.</param>
    /// <param name="isInUse">Of the types of old assemblies, those that may stand where a base type or an interface is declared; null: all.</param>
    public MappingPlan Plan(IEnumerable<(Type Old, Type? Slot)> roots, Func<Type, bool>? isInUse = null)
    {
        lock (_planning)
        {
            var planner = new Planner(Pairs, Reach, _direction, Known, isInUse ?? (static _ => true));
            foreach (var (old, slot) in roots) planner.Root(old, slot);
            Publish(planner);
            return planner.Notes.ToPlan();
        }
    }

    /// <summary>
    /// The new form of <paramref name="old"/> and of all that it holds; shared and cyclic references stay so within the call. The
    /// old objects are not changed. <paramref name="target"/> is the type to become or a base of it; null: the counterpart.
    /// </summary>
    /// <exception cref="MappingException">It cannot be mapped; the path says what of it.</exception>
    public object Map(object old, Type? target = null) => Of(old.GetType(), target ?? typeof(object)).Map(old);

    /// <summary>The mapping of objects of exactly this type for a place of type <paramref name="target"/>, for many of them.</summary>
    internal TypeMapping Of(Type old, Type target) => new(this, Find(old, target, byShape: false), target);

    /// <summary>Whether nothing that an object of exactly this type can hold is reloaded: it is shared as it is.</summary>
    public bool IsIdentity(Type oldType) => !Pairs.IsReloaded(oldType) && !Reach.CanReach(oldType);

    /// <summary>Compiles all that was planned, so that no live object pays for it.</summary>
    public void WarmUp()
    {
        foreach (var (old, pairs) in _pairs)
        {
            FirstLook.WarmUp(old);
            foreach (var pair in pairs.Pairs) pair.Mapping?.Compile();
        }
    }

    /// <summary>How objects of exactly <paramref name="old"/> are mapped for a place of type <paramref name="slot"/>; planned now if they were not yet.</summary>
    internal Pair Find(Type old, Type slot, bool byShape) =>
        _pairs.TryGetValue(old, out var known) && known.For(slot, byShape) is { } pair ? pair : PlanNow(old, slot, byShape);

    private Pair PlanNow(Type old, Type slot, bool byShape)
    {
        lock (_planning)
        {
            if (_pairs.TryGetValue(old, out var known) && known.For(slot, byShape) is { } pair) return pair;
            var planner = new Planner(Pairs, Reach, _direction, Known, isInUse: null);
            var found = byShape;
            if (planner.Targets.Find(old, slot, ref found) is { } target)
            {
                pair = planner.Require(ContainerTypes.Named(old) ?? old, target, found, new Place(new Pair(old, target, found), planner.Notes, "", ""));
                planner.Run();
                Publish(planner);
            }
            else
            {
                pair = new Pair(old, slot, byShape) { Problem = planner.Targets.Missing(old, slot) };
            }

            _pairs.GetOrCreateValue(old).Add(slot, byShape, pair);
            return pair;
        }
    }

    private Pair? Known(Type old, Type target, bool byShape) => _pairs.TryGetValue(old, out var known) ? known.To(target, byShape) : null;

    private void Publish(Planner planner)
    {
        foreach (var pair in planner.New) _pairs.GetOrCreateValue(pair.Old).Add(pair);
    }
}
