using System.Runtime.CompilerServices;
using WatchReload.Actors;

namespace WatchReload.Hosting.Kernel;

/// <summary>How turns run.</summary>
internal sealed partial class ActorCell
{
    private const int TurnsAtATime = 64;
    private SuspendedTurn? _suspended;
    private ValueTaskAwaiter<object>? _resumeWhen;
    private string? _park;

    private enum TurnKind
    {
        Started,
        Message,
        Terminated,
        Frame,
        FramingFailed,
        Stopping,
    }

    /// <summary>What becomes of an actor when a thread leaves it.</summary>
    private enum Next
    {
        /// <summary>It has stopped.</summary>
        Nothing,
        Rest,
        Yield,
        AwaitGate,
        AwaitTurn,
        Park,
    }

    private readonly record struct Turn(TurnKind Kind, object? Payload = null, AskSlot? Asker = null, StartReason Why = default, StopReason Reason = default, ReadOnlyMemory<byte> Frame = default);

    private sealed record SuspendedTurn(Turn Turn, ValueTask<object> Task, DateTimeOffset Since);

    /// <summary>When the turn that is under way was suspended.</summary>
    public DateTimeOffset? SuspendedSince => _suspended?.Since;

    public void Execute()
    {
        var gate = Kernel.Gate;
        var slot = gate.Mine;
        if (slot.IsTaken)
        {
            // A turn on this thread has completed what this actor waits for. A thread announces one turn at a time.
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            return;
        }

        if (!gate.TryEnter(slot, this)) return;
        Next next;
        try
        {
            next = RunTurns(gate);
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
        for (var left = TurnsAtATime; ; left--)
        {
            if (_park is not null) return Next.Park;
            if (Volatile.Read(ref _status) != Running) return _resumeWhen is null ? Next.Nothing : Next.AwaitTurn;
            if (gate.IsClosed) return Next.AwaitGate;
            if (left == 0) return Next.Yield;
            if (!NextTurn() && Volatile.Read(ref _status) == Running && _park is null) return Next.Rest;
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
                var awaiter = _resumeWhen!.Value;
                _resumeWhen = null;
                awaiter.UnsafeOnCompleted(Execute);
                break;
            case Next.Park:
                _park = null;
                Interlocked.Exchange(ref _status, Parked);
                if (_stopRequested != 0) Resume();
                break;
        }
    }

    /// <summary>What the service does is caught turn by turn; this is a defect of the node, and must not take the thread with it.</summary>
    private Next Broken(Exception defect)
    {
        KernelLog.Defect(Kernel.Logger, defect, ToString(), _binding.Name);
        if (IsStopped) return Next.Nothing;
        if (_stopRequested != 0)
        {
            EndStop((StopReason)(_stopRequested - 1));
            return Next.Nothing;
        }

        Park("a defect in WatchReload stopped it; the log has the details");
        return Next.Park;
    }

    /// <summary>Runs one turn. False: there is nothing to do, or the actor is no longer running.</summary>
    private bool NextTurn()
    {
        if (_stopRequested != 0)
        {
            BeginStop((StopReason)(_stopRequested - 1));
            return false;
        }

        if (!ReferenceEquals(_binding.Version, Kernel.Current) && !ChangeOver(Kernel.Current)) return false;
        if (_start is { } why)
        {
            if (!EnsureState()) return false;
            _start = null;
            if (why != StartReason.New || _binding.HasStarted) Run(new Turn(TurnKind.Started, Why: why));
            return true;
        }

        // Messages and frames take turns, so that neither starves the other.
        _frameNext = !_frameNext;
        return _frameNext ? NextFrame() || NextMessage() : NextMessage() || NextFrame();
    }

    private bool NextMessage()
    {
        while (_mailbox.TryDequeue(out var payload, out var tag))
        {
            if (!Translate(payload, tag, out var turn)) continue;
            _context ??= _binding.CreateContext(this);
            _context.Begin(payload, turn.Payload, turn.Asker);
            Run(turn);
            return true;
        }

        return false;
    }

    private bool NextFrame()
    {
        if (Inlet is not { Held: false } inlet || !_inletReady) return false;
        _inletReady = false;
        switch (inlet.TryRead(out var frame, out var error, out var ended))
        {
            case InletRead.Frame:
                _inletReady = true;
                Run(new Turn(TurnKind.Frame, Frame: frame));
                return true;
            case InletRead.Malformed:
                inlet.Held = true;
                Interlocked.CompareExchange(ref _stopRequested, (int)StopReason.Framing + 1, 0);
                Run(new Turn(TurnKind.FramingFailed, Payload: error));
                return true;
            case InletRead.Ended:
                Interlocked.CompareExchange(ref _stopRequested, (int)ended + 1, 0);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Turns what was queued into what the behavior of this version receives. False: it was dropped or became a dead letter.</summary>
    private bool Translate(object payload, object? tag, out Turn turn)
    {
        turn = default;
        switch (tag)
        {
            case WatchEntry watch:
                if (!watch.Active) return false;
                turn = new Turn(TurnKind.Terminated, payload);
                _extras?.Watching?.Remove(((Terminated)payload).Actor.Value);
                return true;
            case TimerEntry timer:
                if (!timer.Active) return false;
                Timers.Taken(timer);
                payload = timer.Payload;
                break;
        }

        var asker = tag as AskSlot ?? (tag as AdaptedAsk)?.Slot;
        if (asker is { IsCompleted: true }) return false;
        try
        {
            var received = _binding.Version.IsForeign(payload.GetType()) ? _binding.Version.Map(payload) : payload;
            if (tag is AdaptedHandle or AdaptedAsk)
            {
                var foreign = (tag as AdaptedHandle ?? ((AdaptedAsk)tag).Handle).Foreign;
                if (_binding.Adapters.TryGetValue(foreign, out var adapter)) received = adapter.Adapt(received);
            }

            if (_binding.Accepts(received))
            {
                turn = new Turn(TurnKind.Message, received, asker);
                return true;
            }

            Undeliverable(payload, tag, $"{_binding.Name} of version {_binding.Version.Number} does not receive {payload.GetType()}");
        }
        catch (Exception cause)
        {
            Undeliverable(payload, tag, $"no mapping to version {_binding.Version.Number}: {Described(cause)}");
        }

        return false;
    }

    private void Run(Turn turn)
    {
        _turns++;
        Kernel.Session?.Touched(this);
        var context = _context ??= _binding.CreateContext(this);
        ValueTask<object> task;
        try
        {
            task = Invoke(turn, context);
        }
        catch (Exception cause)
        {
            task = ValueTask.FromException<object>(cause);
        }

        // A turn that is suspended may yet ask for its scope.
        if (context.HasScope || !task.IsCompleted) task = EndScope(task, context);
        if (task.IsCompleted)
        {
            Complete(turn, task);
            return;
        }

        _suspended = new SuspendedTurn(turn, task, Kernel.Time.GetUtcNow());
        _resumeWhen = task.GetAwaiter();
        Volatile.Write(ref _status, Suspended);
    }

    private ValueTask<object> Invoke(in Turn turn, TurnContext context) => turn.Kind switch
    {
        TurnKind.Message => _binding.Receive(_state!, turn.Payload!, context),
        TurnKind.Frame => _binding.Frame(_state!, turn.Frame, context),
        TurnKind.Started => _binding.Started(_state!, turn.Why, context),
        TurnKind.Terminated => _binding.Terminated(_state!, (Terminated)turn.Payload!, context),
        TurnKind.FramingFailed => Unchanged(_binding.FramingFailed(_state!, (string)turn.Payload!, context), _state!),
        _ => Unchanged(_binding.Stopping(_state!, turn.Reason, context), _state!),
    };

    private static ValueTask<object> Unchanged(ValueTask turn, object state)
    {
        return turn.IsCompletedSuccessfully ? new ValueTask<object>(state) : Await(turn, state);

        static async ValueTask<object> Await(ValueTask turn, object state)
        {
            await turn;
            return state;
        }
    }

    private static async ValueTask<object> EndScope(ValueTask<object> turn, TurnContext context)
    {
        try
        {
            return await turn;
        }
        finally
        {
            await context.EndScope();
        }
    }

    private void Complete(Turn turn, ValueTask<object> task)
    {
        _context?.End();
        try
        {
            _state = task.GetAwaiter().GetResult() ?? throw new InvalidOperationException($"{_binding.Name} returned null as the next state.");
        }
        catch (Exception cause)
        {
            Failed(turn, cause);
        }

        if (Inlet is { } inlet)
        {
            if (turn.Kind == TurnKind.Frame) inlet.Release();
            inlet.Flush();
        }

        if (turn.Kind == TurnKind.Stopping) EndStop(turn.Reason);
    }
}
