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
/// starts the run again with order: every object is then finished after all that it refers to.
/// On a cycle there is no such order. <see cref="_lowest"/> is the lowest open object that a reference from above leads back to; what
/// must be finished above it is deferred until that object's own turn, when everything on the cycle has been visited and all
/// shells are filled. A shell that refers to a late object not made yet is filled again when it is made (<see cref="_waiting"/>). A
/// late object that needs itself to be made is an error.
/// The old objects are only read. A run that fails leaves nothing behind.
/// </remarks>
internal sealed class MappingRun
{
    [ThreadStatic]
    private static MappingRun? s_spare;

    private readonly IdentityMap _identity = new();
    private readonly WorkStack _work = new();
    private readonly List<int> _deferred = [];
    private readonly Dictionary<int, List<int>> _waiting = [];
    private readonly SharedRegion _shared = new();
    private Entry[] _entries = new Entry[8];
    private int _count;
    private MappingSet? _set;

    private bool _ordered;
    private bool _again;
    private bool _finishing;
    private bool _startOver;
    private int _missing;
    private int _current;
    private int _depth;
    private int _lowest;

    private enum State
    {
        Known,
        Open,
        Deferred,
        Done,
    }

    /// <summary>The element of the current container that is being mapped, for paths.</summary>
    public int Element { get; set; }

    public static object? Map(object old, Pair pair, Slot root, MappingSet set)
    {
        var run = s_spare ?? new MappingRun();
        s_spare = null;
        try
        {
            run._set = set;
            if (!pair.IsReloaded(set.Pairs) && root.Target.IsInstanceOfType(old) && run._shared.IsClean(old, set)) return old;
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
    public static object? Ref(object? old, MappingRun run, Slot slot) => run.Ref(old, slot);

    /// <summary>Called from compiled code: whether the parts of what is at hand are complete, so that code of the service may run on it.</summary>
    public static bool Ready(MappingRun? run) => run is null || run.Ready();

    public object? Ref(object? old, Slot slot)
    {
        if (old is null)
        {
            if (slot.RefuseNull) SlotException.ThrowNoValue(slot);
            return null;
        }

        var mapping = Find(old, slot);
        if (mapping.Making == Making.Shared) return old;
        var index = _identity.Find(old, mapping);
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

    /// <summary>Whether <paramref name="old"/>, mapped before through <paramref name="slot"/>, still has members that wait for what is made late.</summary>
    public bool IsIncomplete(object old, Slot slot)
    {
        var index = _identity.Find(old, Find(old, slot));
        return index >= 0 && _entries[index].Incomplete;
    }

    /// <summary>Whether the object at hand refers to one that is made late and not made yet.</summary>
    public bool IsMissing => _missing >= 0;

    /// <summary>What <see cref="ObjectMapping"/> keeps with the object under way between visit and finish.</summary>
    public object? Kept
    {
        get => _entries[_current].Kept;
        set => _entries[_current].Kept = value;
    }

    private bool TryMap(object old, Slot root, bool ordered, out object? fresh)
    {
        _ordered = ordered;
        _lowest = int.MaxValue;
        _current = -1;
        _missing = -1;
        fresh = Ref(old, root);
        while (!_startOver && _work.TryPop(out var index, out var finish))
        {
            if (finish) Leave(index);
            else Enter(index);
        }

        if (_startOver) return false;
        if (_deferred.Count + _waiting.Count > 0) throw new InvalidOperationException("objects are left unfinished");
        if (fresh is null && _count > 0) fresh = _entries[0].Fresh;
        return true;
    }

    private ObjectMapping Find(object old, Slot slot)
    {
        var type = old.GetType();
        var pair = slot.Exact is { } exact && exact.Old == type ? exact : _set!.Find(type, slot.Target, slot.ByShape);
        var mapping = pair.Mapping ?? throw new SlotException(slot, pair.Problem!);
        return mapping is SharedMapping shared && _shared.IsClean(old, _set!) ? SharedAsIs.Instance : mapping;
    }

    private object? Met(int index)
    {
        ref var entry = ref _entries[index];
        if (!_ordered) return entry.Fresh;
        if (entry.State == State.Known) _work.PushVisit(index);
        else if (entry.State == State.Open && !_finishing) _lowest = Math.Min(_lowest, entry.Depth);
        if (entry.Fresh is null) _missing = index;
        return entry.Fresh;
    }

    private object? Meet(object old, Slot slot, ObjectMapping mapping)
    {
        if (mapping.NeedsOrder && !_ordered)
        {
            _startOver = true;
            return null;
        }

        var index = _identity.Add(old, mapping);
        if (index == _entries.Length) Array.Resize(ref _entries, index * 2);
        _count = index + 1;
        _entries[index] = new Entry { Old = old, Mapping = mapping, Via = slot, Parent = _current, Element = Element };
        if (mapping.Making == Making.Late)
        {
            _missing = index;
            _work.PushVisit(index);
            return null;
        }

        var (owner, element) = (_current, Element);
        _current = index;
        var fresh = mapping.Make(old, this);
        (_current, Element) = (owner, element);
        _entries[index].Fresh = fresh;
        if (mapping.Making == Making.AtOnce) _entries[index].State = State.Done;
        else _work.PushVisit(index);
        return fresh;
    }

    private bool Ready()
    {
        if (_finishing) return !IsMissing;
        if (_ordered) _again = true;
        else _startOver = true;
        return false;
    }

    private void Enter(int index)
    {
        ref var entry = ref _entries[index];
        if (entry.State != State.Known) return;
        _current = index;
        if (!_ordered)
        {
            entry.State = State.Done;
            entry.Mapping.Visit(entry.Old, entry.Fresh, this);
            return;
        }

        entry.State = State.Open;
        entry.Depth = ++_depth;
        _work.PushFinish(index);
        (_again, _missing) = (entry.Mapping.NeedsOrder, -1);
        entry.Mapping.Visit(entry.Old, entry.Fresh, this);
        // The visit may have moved the entries.
        _entries[index].Again = _again || _missing >= 0;
    }

    private void Leave(int index)
    {
        var depth = _entries[index].Depth;
        _depth = depth - 1;
        if (_lowest == depth)
        {
            _lowest = int.MaxValue;
            FinishDeferred();
        }

        if (!_entries[index].Again)
        {
            _entries[index].State = State.Done;
        }
        else if (_lowest < depth)
        {
            _entries[index].State = State.Deferred;
            _deferred.Add(index);
        }
        else
        {
            Finish(index);
        }
    }

    private void FinishDeferred()
    {
        foreach (var index in _deferred) Finish(index);
        _deferred.Clear();
    }

    private void Finish(int first)
    {
        var ready = new Queue<int>([first]);
        while (ready.TryDequeue(out var index))
        {
            ref var entry = ref _entries[index];
            _current = index;
            _missing = -1;
            _finishing = true;
            var fresh = entry.Mapping.Finish(entry.Old, entry.Fresh, this);
            _finishing = false;
            entry = ref _entries[index];
            entry.Incomplete = _missing >= 0;
            if (!entry.Incomplete)
            {
                entry.Fresh = fresh;
                entry.State = State.Done;
                if (_waiting.Remove(index, out var waiting)) waiting.ForEach(ready.Enqueue);
            }
            else if (entry.Mapping.Making == Making.Late)
            {
                throw new SlotException(null, "it cannot be complete before itself: the cycle passes only through immutable collections and Upgrade");
            }
            else
            {
                if (!_waiting.TryGetValue(_missing, out var list)) _waiting[_missing] = list = [];
                list.Add(index);
            }
        }
    }

    private MappingException Explain(Exception cause, object root)
    {
        var owner = TypeNames.Short(root.GetType()) + PathTo(_current);
        if (cause is SlotException { Slot: not null } && IsCollection(_current)) owner += ElementPath.Of(_entries[_current].Old, Element);
        return MappingException.From(cause, owner);
    }

    private string PathTo(int index)
    {
        var segments = new Stack<string>();
        while (index >= 0)
        {
            var entry = _entries[index];
            segments.Push(entry.Via.Label);
            if (IsCollection(entry.Parent)) segments.Push(ElementPath.Of(_entries[entry.Parent].Old, entry.Element));
            index = entry.Parent;
        }

        return string.Concat(segments);
    }

    private bool IsCollection(int index) => index >= 0 && _entries[index].Mapping is ContainerMapping or GridMapping;

    private void Clear()
    {
        _identity.Clear();
        _work.Clear();
        _deferred.Clear();
        _waiting.Clear();
        _shared.Clear();
        if (_entries.Length > 1024) _entries = new Entry[8];
        else Array.Clear(_entries, 0, _count);
        _count = 0;
        _depth = 0;
        _startOver = _again = _finishing = false;
    }

    private struct Entry
    {
        public object Old;
        public object? Fresh;
        public object? Kept;
        public ObjectMapping Mapping;
        public Slot Via;
        public State State;
        public int Parent;
        public int Element;
        public int Depth;

        /// <summary>Must be finished after its parts.</summary>
        public bool Again;

        /// <summary>Finished once, and some part was missing.</summary>
        public bool Incomplete;
    }
}
