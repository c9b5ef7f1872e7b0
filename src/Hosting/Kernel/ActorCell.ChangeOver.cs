using System.Runtime.CompilerServices;
using WatchReload.Actors;

namespace WatchReload.Hosting.Kernel;

/// <summary>How an actor comes from one version to the next.</summary>
/// <remarks>
/// What a reload does with each actor is compiled for speed at its first call, here and wherever it leads: it runs for the first time at the first reload, and then for all of them. All else is counted first, and
/// compiled once more with what was learnt.
/// </remarks>
internal sealed partial class ActorCell
{
    private object? _candidate;
    private BehaviorBinding? _candidateBinding;
    private uint _candidateTurn;
    private int _listedBy;
    private bool _cameAfterTurn; // written before the binding

    /// <summary>
    /// The number of the session that has this actor on its list of those that ran since their candidate was made; minus that number if it is on the list and has not run since.
    /// </summary>
    public int ListedBy => Volatile.Read(ref _listedBy);

    /// <summary>False: it is listed otherwise than was thought.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryList(int by, int listed) => Interlocked.CompareExchange(ref _listedBy, by, listed) == listed;

    /// <summary>
    /// Computes the state for the passage's target if no turn runs, and keeps it beside the one that serves. False: a turn is
    /// on the way. Throws what the mapping throws.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryPrepare(Passage passage)
    {
        var before = Volatile.Read(ref _status);
        if (before is not (Idle or Parked)) return before == Stopped;
        var mine = LockedBy + (2 * passage.Number) + (before == Parked ? 1 : 0);
        // A message, or the sweep of an earlier reload, may have come first.
        if (Interlocked.CompareExchange(ref _status, mine, before) != before) return false;
        (object Candidate, BehaviorBinding Binding)? candidate = null;
        var isPrepared = false;
        try
        {
            // Whoever gives up says so before looking for the actors that are locked; one that was locked after that look must not run the service's code.
            if (!passage.GivenUp.IsCancellationRequested)
            {
                candidate = CandidateFor(passage);
                isPrepared = true;
            }
        }
        finally
        {
            // Taken away meanwhile, the actor has gone on, and this is of no use to it.
            if (Interlocked.CompareExchange(ref _status, Locked, mine) == mine)
            {
                Keep(candidate);
                if (isPrepared) passage.Session?.Prepared(this);
                Unlock(before);
            }
        }

        return true;
    }

    /// <summary>Takes the actor away from who prepares it and does not return from that, so that it serves on. False: nobody has it.</summary>
    public bool BreakPreparation()
    {
        var status = Volatile.Read(ref _status);
        if (status < LockedBy || Interlocked.CompareExchange(ref _status, Locked, status) != status) return false;
        Unlock(status % 2 == 0 ? Idle : Parked);
        return true;
    }

    /// <summary>
    /// The state for the passage's target, and with it what its timers will bring, when no turn can run: null when there is one already, or none is needed. Changes nothing of the actor.
    /// Throws what the mapping throws.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public (object Candidate, BehaviorBinding Binding)? CandidateFor(Passage passage)
    {
        if (_state is not { } state || CandidateOf(passage.Target) is not null) return null;
        if (passage.NamesakeOf(_binding) is { } next) return (StateAndTimers.Map(passage, state, _extras?.Timers, next), next);
        if (passage.Target.StopsUnknown || IsStopping) return null;
        throw new InvalidOperationException($"{_binding.Name} is not in the new version.");
    }

    /// <summary>Takes what <see cref="CandidateFor"/> has made, if no turn has run meanwhile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Keep((object Candidate, BehaviorBinding Binding)? candidate)
    {
        if (candidate is not { } made || made.Binding.Version.IsRetired) return;
        (_candidate, _candidateBinding) = made;
        _candidateTurn = _turns;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Unlock(int to)
    {
        Interlocked.Exchange(ref _status, to);
        if (to == Idle && HasWork) Wake();
        if (to == Parked && _stopRequested != 0) Resume();
    }

    /// <summary>Lets go of a candidate. A state that is being made for the version that is current is none.</summary>
    public void ForgetCandidate()
    {
        var candidate = Volatile.Read(ref _candidate);
        if (candidate is LateState || Interlocked.CompareExchange(ref _candidate, null, candidate) != candidate) return;
        _candidateBinding = null;
    }

    /// <summary>Lets go of a candidate for the version that will not be used, as a turn has started since. One for another is left alone: it may just be on its way here.</summary>
    public void ForgetStaleCandidate(CodeVersion target)
    {
        if (_candidateBinding is { } binding && ReferenceEquals(binding.Version, target) && _candidateTurn != Turns) ForgetCandidate();
    }

    /// <summary>Whether it has had a turn in code before that of the version.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool HadTurnBefore(CodeVersion version)
    {
        var turns = Turns;
        return ReferenceEquals(_binding.Version, version) ? _cameAfterTurn : turns > 0;
    }

    /// <summary>What was prepared for the version, and holds. Read once: the end of a later session may let go of it meanwhile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private (object Candidate, BehaviorBinding Binding)? CandidateOf(CodeVersion target) =>
        Volatile.Read(ref _candidate) is { } candidate and not LateState && _candidateBinding is { } binding && ReferenceEquals(binding.Version, target) && _candidateTurn == _turns ? (candidate, binding) : null;

    /// <summary>Changes over outside a turn, when nobody writes to the actor. Runs the first turn in the new code on the calling thread.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Sweep()
    {
        if (ReferenceEquals(_binding.Version, Kernel.Current)) return;
        var before = Interlocked.CompareExchange(ref _status, Scheduled, Idle);
        if (before == Idle) Execute();
        else if (before == Parked) Resume();
    }

    /// <summary>
    /// Changes over to the version that is current. It is joined first, and only then looked whether it is still that: a version that has been replaced, and that
    /// nobody has joined, is let go of, and an actor that arrived there afterwards could read nothing that it is sent.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool ChangeOver()
    {
        // The candidate that a later reload has made already is of a state that now is replaced, and there need be no turn that says so.
        Kernel.Session?.Touched(this);
        while (true)
        {
            var target = Kernel.Current;
            target.ActorJoined();
            if (ReferenceEquals(target, Kernel.Current))
            {
                var changed = ChangeOver(target);
                if (!changed) target.ActorLeft();
                return changed;
            }

            target.ActorLeft();
        }
    }

    /// <summary>To a version that the actor has joined. Throws nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool ChangeOver(CodeVersion target)
    {
        try
        {
            // Accepted a moment before the commit, and has no state yet: its first is made by what the listener now declares, so it begins as what the listener now accepts. A namesake of what that was before would have another's state.
            var isNew = _state is null && Role.Kind == ActorKind.Connection;
            var prepared = CandidateOf(target);
            var next = prepared is { } made ? made.Binding : isNew ? target.AcceptBehavior(Role.Name!) : target.FindBehavior(_binding.Name);
            if (next is null && (isNew || target.StopsUnknown))
            {
                Interlocked.CompareExchange(ref _stopRequested, (int)StopReason.Undeclared + 1, 0);
                return false;
            }

            if (next is null) throw new InvalidOperationException($"{_binding.Name} is not in version {target.Number}");
            var candidate = prepared?.Candidate;
            if (candidate is null && _state is { } state && (candidate = NextState(state, next)) is null) return false;
            TakeOver(candidate, next);
            Inlet?.ChangedOver(target);
            // From here on nothing throws.
            var left = _binding.Version;
            _cameAfterTurn = _turns > 0;
            _binding = next;
            _context = null;
            (_candidate, _candidateBinding) = (null, null);
            if (_start is null && next.HasStarted && _state is not null) _start = StartReason.CodeChanged;
            left.ActorLeft();
            return true;
        }
        catch (Exception cause)
        {
            ForgetCandidate();
            if (_stopRequested == 0) Park($"it cannot be carried over to version {target.Number}: {(cause is LateState.GivenUpException ? cause.Message : Described(cause))}");
            return false;
        }
    }

    /// <summary>
    /// The state for the version that is current, without a candidate. Null: others make it, as the service's code for that may take any time, and the actor
    /// is <see cref="Changing"/>. Throws why there is none.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private object? NextState(object state, BehaviorBinding next)
    {
        if (_candidate is LateState late)
        {
            // What failed is not tried again for the same version: if it was given up, it hangs.
            if (ReferenceEquals(late.Target, next.Version)) return late.Take();
            _candidate = null;
        }

        var mapper = next.Version.MapperOf(state.GetType(), next.StateType);
        var timers = _extras?.Timers;
        if (mapper.IsQuick && timers?.NeedMapping(next) is not true) return mapper.Map(state);
        (_candidate, _candidateBinding) = (new LateState(this, state, mapper, timers, next), null);
        Volatile.Write(ref _status, Changing);
        return null;
    }

    /// <summary>What became of its late state is there to be taken. Called by who ends that, once.</summary>
    public void GoOn()
    {
        Volatile.Write(ref _status, Scheduled);
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>What a timer brings is carried over as the state is, or neither is.</summary>
    /// <param name="candidate">Null: the actor has no state yet.</param>
    /// <param name="next">The behavior of the version.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void TakeOver(object? candidate, BehaviorBinding next)
    {
        if (candidate is StateAndTimers all)
        {
            all.Arrive(next, Timers);
            candidate = all.State;
        }

        if (candidate is not null) _state = candidate;
        if (_extras?.Timers is not { } timers) return;
        foreach (var timer in timers.All) next.RecordSent(timer.Payload); // the plan of the next reload must know of it too
    }
}
