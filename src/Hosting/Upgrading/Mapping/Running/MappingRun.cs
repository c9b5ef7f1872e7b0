using System.Runtime.CompilerServices;

namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>
/// Maps one object with all that it holds.
/// </summary>
/// <remarks>
/// Theory of operation. The old objects are walked depth first, on a stack of this class's own, so that a list linked through 100,000
/// objects needs no deeper thread stack than one of three. An object's life:
/// <code>
/// Known     met through a reference; a shell exists already and can be referred to; on the stack
/// Open      visited: its fields are filled and what they refer to is on the stack above it
/// Deferred  its turn to be finished came while it lies on a cycle that is still open
/// Done      complete
/// </code>
/// Most objects are shells and are complete once visited; then order does not matter, nothing is finished in a second step, and a
/// run does without (<see cref="_ordered"/> false). The first object that is made late or goes by hash or order of its elements
/// starts the run again with order: every object is then finished after all that it refers to (<see cref="FinishOrder"/>).
/// The old objects are only read. A run that fails leaves nothing behind.
/// </remarks>
internal sealed class MappingRun
{
    [ThreadStatic]
    private static MappingRun? s_spare;

    private readonly MetObjects _met = new();
    private readonly WorkStack _work = new();
    private readonly SharedRegion _shared = new();
    private readonly FinishOrder _order;
    private readonly Dictionary<int, object> _kept = [];
    private MappingSet? _set;
    private bool _ordered;
    private bool _startOver;

    private MappingRun() => _order = new FinishOrder(this, _met, _work);

    /// <summary>The number of the object at hand.</summary>
    public int Current { get; set; }

    /// <summary>The element of the current container that is being mapped, for paths.</summary>
    public int Element { get; set; }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static object? Map(object old, Pair pair, Slot root, MappingSet set)
    {
        var mayStay = !pair.IsReloaded(set.Pairs) && root.Target.IsInstanceOfType(old);
        if (mayStay && set.FirstLook.IsClean(old)) return old;
        var run = s_spare ?? new MappingRun();
        s_spare = null;
        try
        {
            run._set = set;
            if (mayStay && run._shared.IsClean(old, set)) return old;
            if (run.TryMap(old, root, ordered: false, out var fresh)) return fresh;
            run.Clear();
            run.TryMap(old, root, ordered: true, out fresh);
            return fresh;
        }
        catch (Exception cause)
        {
            throw run.Explain(cause, old);
        }
        finally
        {
            run.Clear();
            run._set = null;
            s_spare = run;
        }
    }

    /// <summary>Called from compiled code: the new object of a reference; null when it is made late and not made yet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static object? Ref(object? old, MappingRun run, Slot slot) => run.Ref(old, slot);

    /// <summary>Called from compiled code: whether the parts of what is at hand are complete, so that code of the service may run on it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool Ready(MappingRun? run) => run is null || run.Ready();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public object? Ref(object? old, Slot slot)
    {
        if (old is null)
        {
            if (slot.RefuseNull) SlotException.ThrowNoValue(slot);
            return null;
        }

        var mapping = Find(old, slot);
        if (mapping.Making == Making.Shared) return old;
        var index = _met.Find(old, mapping);
        return index >= 0 ? Met(index) : Meet(old, slot, mapping);
    }

    /// <summary>The comparer for a new collection: one of the service's is carried over, one of the frameworks' is shared.</summary>
    public object Comparer(object old, Slot slot)
    {
        var type = old.GetType();
        if (!_set!.Pairs.IsReloaded(type) && Comparers.IsShared(type)) return old;
        if (Frameworks.Has(type)) throw new SlotException(null, $"its comparer {TypeNames.Full(type)} holds code of the old version; write a comparer class");
        var comparer = new Slot("", typeof(object), slot.ByShape);
        if (Find(old, comparer).Making is Making.AtOnce or Making.Shared) return Ref(old, comparer)!;
        throw new SlotException(null, $"its comparer {TypeNames.Full(type)} refers to other objects; a comparer may hold plain values only");
    }

    /// <summary>Whether <paramref name="old"/>, mapped before through <paramref name="slot"/>, still has members that wait for what is made late. Then the object at hand waits for that.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool WaitsFor(object old, Slot slot)
    {
        var index = _met.Find(old, Find(old, slot));
        if (index < 0 || !_met[index].Incomplete) return false;
        _order.Misses(index);
        return true;
    }

    /// <summary>Whether the object at hand refers to one that is made late and not made yet.</summary>
    public bool IsMissing => _order.IsMissing;

    /// <summary>What <see cref="ObjectMapping"/> keeps with the object under way between visit and finish.</summary>
    public object Kept
    {
        get => _kept[Current];
        set => _kept[Current] = value;
    }

    /// <summary>The object at hand leads to so many, of which not all need be met for the first time.</summary>
    /// <param name="parts">All that it refers to.</param>
    /// <param name="visited">Those of them that are sure to be visited later.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Reserve(int parts, int visited)
    {
        _met.Reserve(parts);
        _work.Reserve(visited);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryMap(object old, Slot root, bool ordered, out object? fresh)
    {
        _ordered = ordered;
        Current = -1;
        fresh = Ref(old, root);
        while (!_startOver && _work.TryPop(out var index, out var finish))
        {
            if (finish) _order.Leave(index);
            else Enter(index);
        }

        if (_startOver) return false;
        if (!_order.IsDone) ThrowStuck();
        _order.Refill();
        if (fresh is null && _met.Count > 0) fresh = _met[0].Fresh;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private ObjectMapping Find(object old, Slot slot)
    {
        var type = old.GetType();
        var pair = slot.Exact is { } exact && exact.Old == type ? exact : _set!.Find(type, slot.Target, slot.ByShape);
        var mapping = pair.Mapping ?? throw new SlotException(slot, pair.Problem!);
        return mapping is SharedMapping shared && _shared.IsClean(old, _set!) ? SharedAsIs.Instance : mapping;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private object? Met(int index)
    {
        if (_ordered) _order.Met(index);
        return _met[index].Fresh;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private object? Meet(object old, Slot slot, ObjectMapping mapping)
    {
        if (mapping.NeedsOrder && !_ordered)
        {
            _startOver = true;
            return null;
        }

        var (owner, element) = (Current, Element);
        var index = _met.Add(new MetObject { Old = old, Mapping = mapping, Via = slot, Parent = owner, Element = element });
        if (mapping.Making == Making.Late)
        {
            _order.Misses(index);
            _work.PushVisit(index);
            return null;
        }

        Current = index;
        var fresh = mapping.Make(old, this);
        (Current, Element) = (owner, element);
        _met[index].Fresh = fresh;
        if (mapping.Making == Making.AtOnce) _met[index].State = MetState.Done;
        else _work.PushVisit(index);
        return fresh;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Ready()
    {
        if (_order.IsFinishing) return !IsMissing;
        if (_ordered) _order.ComeAgain();
        else _startOver = true;
        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Enter(int index)
    {
        ref var met = ref _met[index];
        if (met.State != MetState.Known) return;
        Current = index;
        if (_ordered)
        {
            _order.Open(index);
            return;
        }

        met.State = MetState.Done;
        met.Mapping.Visit(met.Old, met.Fresh, this);
    }

    private void ThrowStuck()
    {
        Current = _order.FindStuck();
        throw Current < 0 ? new InvalidOperationException("objects are left unfinished") : new SlotException(null, _met[Current].Mapping.NeedsItself);
    }

    private MappingException Explain(Exception cause, object root)
    {
        var owner = TypeNames.Short(root.GetType()) + _met.PathTo(Current);
        if (cause is SlotException { Slot: not null } && _met.IsCollection(Current)) owner += ElementPath.Of(_met[Current].Old, Element);
        return MappingException.From(cause, owner);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Clear()
    {
        _met.Clear();
        _work.Clear();
        _shared.Clear();
        _order.Clear();
        _kept.Clear();
        _startOver = false;
    }
}
