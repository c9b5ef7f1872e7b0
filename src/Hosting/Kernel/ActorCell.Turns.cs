using WatchReload.Actors;

namespace WatchReload.Hosting.Kernel;

/// <summary>Which turn is next, and what comes of it.</summary>
internal sealed partial class ActorCell
{
    /// <summary>Runs one turn at most. False: there is nothing to do, or the actor is no longer running.</summary>
    private bool NextTurn()
    {
        if (_stopRequested != 0)
        {
            BeginStop((StopReason)(_stopRequested - 1));
            return false;
        }

        // What takes time between two turns, the service's code in a mapping above all, may be what a commit did not wait for: then there is a newer version again.
        if (!IsOfCurrent) return ChangeOver();
        if (_start is { } why)
        {
            if (!EnsureState()) return false;
            if (!IsOfCurrent) return true;
            _start = null;
            if (why != StartReason.New || _binding.HasStarted) Run(new Turn(TurnKind.Started, Why: why, Client: why == StartReason.New && Kernel.FollowsClients ? FirstClient : null));
            return true;
        }

        if (Inlet is null) return NextMessage();
        // Messages and frames take turns, so that neither starves the other.
        _frameNext = !_frameNext;
        return _frameNext ? NextFrame() || NextMessage() : NextMessage() || NextFrame();
    }

    private bool IsOfCurrent => ReferenceEquals(_binding.Version, Kernel.Current);

    /// <summary>
    /// One item at most: before the next the gate, the version, a stop and the others that wait are looked at. The version is asked for when the item is there and before
    /// it is taken, for an item that the new version has sent is seen together with that version.
    /// </summary>
    private bool NextMessage()
    {
        if (_mailbox.First() is not { } item) return false;
        if (!IsOfCurrent) return true;
        var (payload, tag, client) = (item.Payload!, item.Tag, (item as ClientEnvelope)?.Client);
        _mailbox.RemoveFirst(item);
        if (tag is null && client is null && !(Kernel.FollowsClients && HasClient) && _binding.HasReceived(payload.GetType()))
        {
            Receive(payload);
            return true;
        }

        if (!Translate(payload, tag, out var turn)) return true;
        _context ??= _binding.CreateContext(this);
        _context.Begin(payload, turn.Payload, turn.Asker);
        Run(turn with { Client = client });
        return true;
    }

    private bool NextFrame()
    {
        if (Inlet is not { Held: false } inlet || !_inletReady) return false;
        if (!IsOfCurrent) return true; // as with a message; a frame that is cut already is for who cut it
        _inletReady = false;
        switch (inlet.TryRead(out var frame, out var error, out var ended))
        {
            case InletRead.Frame:
                _inletReady = true;
                if (Kernel.FollowsClients) Run(new Turn(TurnKind.Frame, Frame: frame));
                else Take(frame);
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
            var type = payload.GetType();
            var mayDiffer = _binding.MayDiffer(type);
            var received = mayDiffer ? _binding.Version.Map(payload) : payload;
            if (tag is AdaptedHandle or AdaptedAsk)
            {
                var foreign = (tag as AdaptedHandle ?? ((AdaptedAsk)tag).Handle).Foreign;
                if (_binding.Adapters.TryGetValue(foreign, out var adapter)) received = adapter.Adapt(received);
            }

            if (_binding.Accepts(received))
            {
                if (!mayDiffer && ReferenceEquals(received, payload)) _binding.RecordReceived(type);
                turn = new Turn(TurnKind.Message, received, asker);
                return true;
            }

            Unreceived(payload, tag, $"{_binding.Name} of version {_binding.Version.Number} does not receive {SourceNames.Full(payload.GetType())}");
        }
        catch (Exception cause)
        {
            Unreceived(payload, tag, $"no mapping to version {_binding.Version.Number}: {Described(cause)}");
        }

        return false;
    }

    /// <summary>A timer that brings it would do so for ever.</summary>
    private void Unreceived(object payload, object? tag, string reason)
    {
        if (tag is not TimerEntry timer) Undeliverable(payload, tag, reason);
        else if (timer.Active) Timers.Abandon(timer, $"{reason}; the timer '{timer.Key}' is stopped");
        else Kernel.DeadLetters.Add(this, payload, reason); // it was to come once
    }

    /// <summary>Most turns, by the shortest way: a plain message of a type that was received before.</summary>
    private void Receive(object message)
    {
        var context = _context ??= _binding.CreateContext(this);
        context.Begin(message);
        _turns++;
        Kernel.Session?.Touched(this);
        ValueTask<object> task;
        try
        {
            task = _binding.Receive(_state!, message, context);
        }
        catch (Exception cause)
        {
            task = ValueTask.FromException<object>(cause);
        }

        if (!EndsAtOnce(task, context)) Ends(new Turn(TurnKind.Message, message), Turn.InScope(task, context));
    }

    /// <summary>The same for a frame, on no client's behalf.</summary>
    private void Take(ReadOnlyMemory<byte> frame)
    {
        var context = _context ??= _binding.CreateContext(this);
        _turns++;
        Kernel.Session?.Touched(this);
        ValueTask<object> task;
        try
        {
            task = _binding.Frame(_state!, frame, context);
        }
        catch (Exception cause)
        {
            task = ValueTask.FromException<object>(cause);
        }

        if (!EndsAtOnce(task, context)) Ends(new Turn(TurnKind.Frame, Frame: frame), Turn.InScope(task, context));
    }

    private bool EndsAtOnce(ValueTask<object> task, TurnContext context)
    {
        if (!task.IsCompletedSuccessfully || context.HasScope || task.Result is not { } next) return false;
        CleanContext.Restore();
        context.End();
        _state = next;
        Inlet?.TurnEnded();
        return true;
    }

    private void Run(in Turn turn)
    {
        _turns++;
        Kernel.Session?.Touched(this);
        // What it does is done for the client whose frame, connection or message it is; the first turn in new code is nobody's doing.
        if (Kernel.FollowsClients && turn is not { Kind: TurnKind.Started, Why: StartReason.CodeChanged }) (Kernel.Known(turn.Client) ?? OwnClient)?.Enter();
        Ends(turn, turn.Run(_binding, _state!, _context ??= _binding.CreateContext(this)));
    }

    /// <summary>A turn has ended, or awaits.</summary>
    private void Ends(in Turn turn, ValueTask<object> task)
    {
        CleanContext.Restore();
        if (task.IsCompleted)
        {
            Complete(turn, task);
            return;
        }

        _suspended = new SuspendedTurn(turn, task, Kernel.Time.GetUtcNow());
        Volatile.Write(ref _status, Suspended);
    }

    private void Complete(in Turn turn, ValueTask<object> task)
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

        Inlet?.TurnEnded();
        if (turn.Kind == TurnKind.Stopping) EndStop(turn.Reason);
    }
}
