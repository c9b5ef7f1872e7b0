using WatchReload.Actors;

namespace WatchReload.Hosting.Kernel;

/// <summary>How a thread takes the actor, runs turns of it, and leaves it.</summary>
internal sealed partial class ActorCell
{
    private const int TurnsAtATime = 64;

    /// <summary>So often it has as many again before the pool has its thread back, as long as nobody waits for one.</summary>
    private const int StretchesAtATime = 16;

    /// <summary>After so many turns of this actor others wait no longer for its thread.</summary>
    private const int TurnsOfOthersWait = 16;

    private SuspendedTurn? _suspended;
    private string? _park;

    /// <summary>What becomes of an actor when a thread leaves it.</summary>
    private enum Next
    {
        /// <summary>It has stopped.</summary>
        Nothing,
        Rest,
        Yield,
        AwaitGate,
        AwaitTurn,
        AwaitState,
        Park,
    }

    /// <summary>When the turn that is under way was suspended, or when others began to make the actor's state.</summary>
    public DateTimeOffset? WaitsSince => _suspended?.Since ?? MadeNow?.Since;

    /// <summary>The version that others make the actor's state for, at the moment.</summary>
    public CodeVersion? ChangesTo => MadeNow?.Target;

    private LateState? MadeNow => IsChanging ? Volatile.Read(ref _candidate) as LateState : null;

    /// <summary>For a thread that has nothing else to do: what its turns wake may run on it as well.</summary>
    public void Execute() => NextActor.RunOn(this);

    /// <summary>Some turns, on whichever thread.</summary>
    public void RunOnce()
    {
        var gate = Kernel.Gate;
        var slot = gate.Mine;
        // A turn on this thread has completed what this actor waits for: a thread announces one turn at a time. Or somebody else has, in
        // a context of his own, which turns must not see.
        if (slot.IsTaken || !CleanContext.IsCurrent)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            return;
        }

        if (!gate.TryEnter(slot, this)) return;
        Next next;
        try
        {
            next = RunTurns(gate);
            Inlet?.Flush();
        }
        catch (Exception defect)
        {
            next = Broken(defect);
        }

        Gate.Exit(slot);
        // Only now may another thread take the actor: until here this one was still in the turn.
        Leave(gate, next);
    }

    private Next RunTurns(Gate gate)
    {
        var suspended = _suspended;
        _suspended = null;
        Volatile.Write(ref _status, Running);
        if (suspended is not null) Complete(suspended.Turn, suspended.Task);
        var flush = Inlet is null ? default : new FlushInterval(Kernel.Time, Kernel.CoarseTime);
        var stretches = NextActor.IsLent ? StretchesAtATime : 1;
        for (var left = TurnsAtATime; ; left--)
        {
            if (_park is not null) return Next.Park;
            if (Volatile.Read(ref _status) is not Running and var status) return status == Changing ? Next.AwaitState : _suspended is null ? Next.Nothing : Next.AwaitTurn;
            if (gate.IsClosed) return Next.AwaitGate;
            if (left == 0)
            {
                if (--stretches == 0 || ThreadPool.PendingWorkItemCount > 0) return Next.Yield;
                left = TurnsAtATime;
            }

            if (left % TurnsOfOthersWait == 0) NextActor.HandOver();
            if (!NextTurn() && Volatile.Read(ref _status) == Running && _park is null) return Next.Rest;
            if (Inlet is null || !flush.IsOver()) continue;
            Inlet.Flush();
            flush = new FlushInterval(Kernel.Time, Kernel.CoarseTime);
        }
    }

    private void Leave(Gate gate, Next next)
    {
        switch (next)
        {
            case Next.Rest:
                Interlocked.Exchange(ref _status, Idle);
                if (HasWork) Wake();
                break;
            case Next.Yield:
                Volatile.Write(ref _status, Scheduled);
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
                break;
            case Next.AwaitGate:
                Volatile.Write(ref _status, Scheduled);
                gate.Wait(this);
                break;
            case Next.AwaitTurn:
                _suspended!.Task.GetAwaiter().UnsafeOnCompleted(RunOnce);
                break;
            case Next.AwaitState:
                Kernel.LateStates.Add((LateState)_candidate!);
                break;
            case Next.Park:
                _park = null;
                Interlocked.Exchange(ref _status, Parked);
                if (_stopRequested != 0 || (_extras is { ParkedUntilTrialEnds: true } && !Kernel.OnTrial)) Resume();
                break;
        }
    }

    /// <summary>What the service does is caught turn by turn; this is a defect of the node, and must not take the thread with it.</summary>
    private Next Broken(Exception defect)
    {
        KernelLog.Defect(Kernel.Logger, defect, ToString(), _binding.Name);
        if (IsStopped) return Next.Nothing;
        // What is under way ends first: until then the actor is neither stopped nor given to anybody else.
        Next? waits = IsSuspended ? Next.AwaitTurn : IsChanging ? Next.AwaitState : null;
        if (_stopRequested != 0)
        {
            if (waits is { } end) return end;
            EndStop((StopReason)(_stopRequested - 1));
            return Next.Nothing;
        }

        Park("a defect in WatchReload stopped it; the log has the details");
        return waits ?? Next.Park;
    }
}
