using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace WatchReload.Hosting.Kernel;

/// <summary>
/// One closing of the gate: brings up to date the actors that ran since their candidate was made, and commits when that sufficed.
/// </summary>
/// <remarks>
/// Theory of operation. Making states runs the service's code, which may never return, and the gate must not stay closed for it. So one thread, the maker, closes
/// the gate, makes states and opens it again, without a hop to any other; and one that waits for it, the watcher, can take the round away. <see cref="_phase"/> says
/// who may touch actors and the gate.
/// <code>
/// Own    -> Making   the maker, when it has taken some actors off the session's list; from now on it writes only into its own arrays
/// Making -> Own      the maker, by compare-and-swap, when their states are made: it gives them to the actors
/// Making -> GivenUp  the watcher, by compare-and-swap, when time is over: it opens the gate, and puts the actors back on the list
/// </code>
/// While the maker owns the round nothing of the service runs, so that ends by itself. What can never happen: a gate that the service's code keeps closed;
/// a state that was made for a round that is given up and reaches an actor.
/// </remarks>
internal sealed class GateRound(ActorKernel kernel, UpgradeSession session, GateLimits limits, bool last)
{
    private const int Own = 0;
    private const int Making = 1;
    private const int GivenUp = 2;
    private const int AtATime = 256;

    /// <summary>The clock is asked this seldom by who only looks at actors.</summary>
    private const int BetweenLooks = 64;

    /// <summary>When time is over in the last round no more are looked at than these, nor of those that are late before it begins: to look at all would take longer than the gate may last.</summary>
    private const int LookedAt = 1000;

    private readonly object _end = new();
    private readonly Dictionary<ActorCell, LateReason> _late = [];
    private readonly List<ActorCell> _taken = new(AtATime);
    private readonly (object Candidate, BehaviorBinding Binding)?[] _made = new (object, BehaviorBinding)?[AtATime];
    private readonly List<(ActorCell Actor, Exception Cause)> _failed = [];
    private readonly Passage _passage = new(session.Target);
    private int _phase = Own;
    private int _at;
    private int _overtime;
    private int _unnamedAside;
    private long _closed;
    private long _began;
    private bool _hasEnded;

    /// <summary>How long no turn could start.</summary>
    public TimeSpan ClosedFor { get; private set; }

    /// <summary>In the last round: time was over before all on the session's list had been looked at. What else is on it has come to it later, as a connection that is accepted meanwhile: no turn of that is in anybody's way.</summary>
    public bool LeavesSome { get; private set; }

    /// <summary>How many are late beside those that are named.</summary>
    public int Unnamed => (LeavesSome ? session.Stale : 0) + _unnamedAside;

    /// <summary>Whose state was being made when the round was given up.</summary>
    public ActorCell? Unfinished { get; private set; }

    /// <summary>
    /// The maker's part. The late actors, and why they are, go to <paramref name="commit"/>, under the closed gate; with failures, or when the limit
    /// did not suffice, nothing does and the result is null. In the last round those that the limit did not suffice for are late; of these most stay on the session's list.
    /// </summary>
    public T? Run<T>(Func<IReadOnlyDictionary<ActorCell, LateReason>, T> commit) where T : class
    {
        _closed = Stopwatch.GetTimestamp();
        kernel.Gate.Close();
        try
        {
            return Make(kernel.Gate.AwaitTurns(limits.Turns)) is { } late ? commit(late) : null;
        }
        finally
        {
            if (Interlocked.CompareExchange(ref _phase, Own, Making) != GivenUp) Open();
            lock (_end)
            {
                _hasEnded = true;
                Monitor.PulseAll(_end);
            }
        }
    }

    /// <summary>The watcher's part, on another thread. False: the round was given up, and the gate is open again.</summary>
    public bool Watch()
    {
        var left = limits.Hung;
        while (!HasEndedWithin(left))
        {
            if (TryGiveUp()) return false;
            left = limits.Hung;
            if (Volatile.Read(ref _phase) == Making) left -= Stopwatch.GetElapsedTime(Volatile.Read(ref _began));
            left = TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(left.TotalMilliseconds)));
        }

        return true;
    }

    /// <summary>Under the closed gate. Null: it must open again.</summary>
    public IReadOnlyDictionary<ActorCell, LateReason>? Make(IReadOnlyList<ActorCell> onCpu)
    {
        foreach (var actor in onCpu) _late[actor] = LateReason.InTurn;
        Volatile.Write(ref _began, Stopwatch.GetTimestamp());
        NameThoseAside();
        for (var inTime = true; session.Failures.Count == 0 && Take(ref inTime);)
        {
            Volatile.Write(ref _phase, Making);
            inTime = MakeTaken();
            if (Interlocked.CompareExchange(ref _phase, Own, Making) == GivenUp) return null;
            HandOver();
            if (!inTime && !last && session.Stale > 0) break;
        }

        if (session.Failures.Count > 0) return null;
        if (last || session.Stale == 0) return _late;
        foreach (var again in _late.Keys) session.Touched(again);
        return null;
    }

    private bool HasEndedWithin(TimeSpan time)
    {
        lock (_end)
        {
            if (!_hasEnded) Monitor.Wait(_end, time);
            return _hasEnded;
        }
    }

    /// <summary>Takes some off the list. False: none is left to be made, or no time for it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Take(ref bool inTime)
    {
        _taken.Clear();
        for (var looks = 1; _taken.Count < AtATime; looks++)
        {
            if (looks % BetweenLooks == 0) inTime = inTime && Stopwatch.GetElapsedTime(_began) <= limits.Making;
            if (!inTime && (!last || _overtime++ >= LookedAt))
            {
                LeavesSome = last && session.Stale > 0;
                break;
            }

            if (!session.TryTake(out var actor)) break;
            if (_late.ContainsKey(actor) || actor.IsStopped) continue;
            if ((ReasonInItself(actor) ?? (session.IsSlow(actor) ? LateReason.SlowState : inTime ? null : LateReason.NoTime)) is { } why) _late.Add(actor, why);
            else _taken.Add(actor);
        }

        return _taken.Count > 0;
    }

    private void NameThoseAside()
    {
        _unnamedAside = Math.Max(0, session.Aside.Count - LookedAt);
        foreach (var actor in session.Aside.Take(LookedAt))
        {
            if (!actor.IsStopped) _late.TryAdd(actor, ReasonInItself(actor) ?? LateReason.SlowState);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static LateReason? ReasonInItself(ActorCell actor) => actor.IsSuspended ? LateReason.InTurn : actor.IsChanging ? LateReason.StillChanging : null;

    /// <summary>Whether there is time for more. Actors are read, and not written to.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool MakeTaken()
    {
        for (var at = 0; at < _taken.Count;)
        {
            try
            {
                _made[at] = _taken[at].CandidateFor(_passage);
            }
            catch (Exception cause)
            {
                _made[at] = null;
                _failed.Add((_taken[at], cause));
            }

            Volatile.Write(ref _at, ++at);
            if (Stopwatch.GetElapsedTime(_began) > limits.Making) return false;
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void HandOver()
    {
        for (var i = 0; i < _taken.Count; i++)
        {
            if (i < _at) _taken[i].Keep(_made[i]);
            else if (last) _late[_taken[i]] = LateReason.NoTime;
            else session.Touched(_taken[i]);
        }

        foreach (var (actor, cause) in _failed) session.Fail(actor, cause);
        _failed.Clear();
        Volatile.Write(ref _at, 0);
    }

    private bool TryGiveUp()
    {
        if (Volatile.Read(ref _phase) != Making || Stopwatch.GetElapsedTime(Volatile.Read(ref _began)) < limits.Hung) return false;
        if (Interlocked.CompareExchange(ref _phase, GivenUp, Making) != Making) return false;
        // First of all, and nothing before it that can fail when memory is short, which may be why the round hangs: nobody else opens it now.
        Open();
        Unfinished = _taken[Math.Min(Volatile.Read(ref _at), _taken.Count - 1)];
        // It is not tried under the gate once more.
        session.MarkSlow(Unfinished);
        foreach (var actor in _taken) session.Touched(actor);
        foreach (var actor in _late.Keys) session.Touched(actor);
        return true;
    }

    private void Open()
    {
        kernel.Gate.Open();
        ClosedFor = Stopwatch.GetElapsedTime(_closed);
    }
}

/// <summary>How long the gate may be closed for what.</summary>
/// <param name="Turns">For turns that are on a CPU to end.</param>
/// <param name="Making">For states to be made. Looked at between two of them.</param>
/// <param name="Hung">And in all, within one as well: then the round is given up.</param>
internal sealed record GateLimits(TimeSpan Turns, TimeSpan Making, TimeSpan Hung)
{
    public static readonly GateLimits Default = new(TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(4), TimeSpan.FromMilliseconds(10));
}
