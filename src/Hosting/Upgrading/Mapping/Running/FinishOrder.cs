using System.Runtime.CompilerServices;

namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>
/// Finishes every object of a run after all that it refers to, as far as there is such an order.
/// </summary>
/// <remarks>
/// Theory of operation. Objects are opened and left as a depth-first walk does. On a cycle there is no order. <see cref="_lowest"/> is the
/// lowest open object that a reference from above leads back to; what must be finished above it is deferred until that object's own
/// turn, when everything on the cycle has been visited and all shells are filled. What refers to a late object not made yet waits for it
/// (<see cref="_waiting"/>): a shell is filled again then, a late object is made then. A late object that needs itself to be made waits in the end: an error.
/// What goes by hash or order of its elements is filled on a cycle before all of these are complete, as others may need it; so in the end it is filled again (<see cref="_refill"/>); what is immutable cannot be, and keeps the hashes that its keys had.
/// </remarks>
internal sealed class FinishOrder(MappingRun run, MetObjects met, WorkStack work)
{
    private const int None = -1;
    private const int Kept = 1024;
    private readonly List<int> _deferred = [];
    private readonly Dictionary<int, List<int>> _waiting = [];
    private readonly List<int> _refill = [];
    private readonly Queue<int> _ready = [];
    private int[] _depths = [];
    private int _missing = None;
    private int _depth;
    private int _lowest = int.MaxValue;
    private bool _again;

    /// <summary>Whether an object is being finished: its parts are complete, save those that are missing.</summary>
    public bool IsFinishing { get; private set; }

    /// <summary>Whether the object at hand refers to one that is made late and not made yet.</summary>
    public bool IsMissing => _missing != None;

    public bool IsDone => _deferred.Count + _waiting.Count == 0;

    /// <summary>Called when all else is done.</summary>
    public void Refill()
    {
        foreach (var index in _refill) Finish(index);
        _refill.Clear();
    }

    /// <summary>The late object that needs itself to be made; -1 if there is none.</summary>
    public int FindStuck()
    {
        var waitsFor = _waiting.SelectMany(waiting => waiting.Value, (waiting, index) => (index, waiting.Key)).ToDictionary();
        var at = waitsFor.Keys.DefaultIfEmpty(None).First();
        for (var left = 2 * waitsFor.Count; left > 0 && (left > waitsFor.Count || met[at].Mapping.Making != Making.Late); left--) at = waitsFor[at];
        return at;
    }

    /// <summary>A reference leads to an object met before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Met(int index)
    {
        ref var there = ref met[index];
        if (there.State == MetState.Known) work.PushVisit(index);
        else if (there.State == MetState.Open && !IsFinishing) _lowest = Math.Min(_lowest, _depths[index]);
        if (there.Fresh is null) Misses(index);
    }

    /// <summary>The object at hand refers to a late one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Misses(int index) => _missing = index;

    /// <summary>The object at hand could not be completed, as its parts are not.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void ComeAgain() => _again = true;

    /// <summary>Visits an object and, through the stack, all that it leads to before it is left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Open(int index)
    {
        ref var there = ref met[index];
        there.State = MetState.Open;
        if (index >= _depths.Length) Array.Resize(ref _depths, Math.Max(met.Count, 2 * _depths.Length));
        _depths[index] = ++_depth;
        work.PushFinish(index);
        (_again, _missing) = (there.Mapping.NeedsOrder, None);
        there.Mapping.Visit(there.Old, there.Fresh, run);
        // The visit may have moved it.
        met[index].Again = _again || IsMissing;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Leave(int index)
    {
        var depth = _depths[index];
        _depth = depth - 1;
        if (_lowest == depth)
        {
            _lowest = int.MaxValue;
            foreach (var deferred in _deferred)
            {
                Finish(deferred);
                if (met[deferred].Mapping is { NeedsOrder: true, Making: Making.Shell }) _refill.Add(deferred);
            }

            _deferred.Clear();
        }

        if (!met[index].Again)
        {
            met[index].State = MetState.Done;
        }
        else if (_lowest < depth)
        {
            met[index].State = MetState.Deferred;
            _deferred.Add(index);
        }
        else
        {
            Finish(index);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Clear()
    {
        _deferred.Clear();
        _waiting.Clear();
        _refill.Clear();
        _ready.Clear();
        if (_depths.Length > Kept) _depths = [];
        (_missing, _depth, _lowest) = (None, 0, int.MaxValue);
        _again = IsFinishing = false;
    }

    private void Finish(int first)
    {
        _ready.Enqueue(first);
        while (_ready.TryDequeue(out var index))
        {
            ref var there = ref met[index];
            run.Current = index;
            _missing = None;
            IsFinishing = true;
            var fresh = there.Mapping.Finish(there.Old, there.Fresh, run);
            IsFinishing = false;
            there = ref met[index];
            there.Incomplete = IsMissing;
            if (!there.Incomplete)
            {
                there.Fresh = fresh;
                there.State = MetState.Done;
                if (_waiting.Remove(index, out var waiting)) waiting.ForEach(_ready.Enqueue);
            }
            else
            {
                if (!_waiting.TryGetValue(_missing, out var list)) _waiting[_missing] = list = [];
                list.Add(index);
            }
        }
    }
}
