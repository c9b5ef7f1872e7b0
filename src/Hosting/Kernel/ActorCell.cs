using WatchReload.Actors;

namespace WatchReload.Hosting.Kernel;

/// <summary>
/// One actor: its mailbox, its state, and the binding of its behavior in the version that it is on.
/// </summary>
/// <remarks>
/// Theory of operation. <see cref="_status"/> says who may touch the rest.
/// <code>
/// Idle -> Scheduled    whoever brings work, by compare-and-swap; queues Execute
/// Scheduled -> Running the thread that executes it, after it has passed the gate
/// Running -> Suspended a turn awaits; the completion calls Execute, which passes the gate and goes on
/// Running -> Changing  late, it needs a state for the version that is current, which others make (LateStates); whoever ends that: -> Scheduled
/// Running -> Idle      no work left; looks again afterwards, as work may have come in between
/// Idle -> Locked       whoever prepares a reload; back to Idle, and looks again. From Parked likewise. The number says who: if mapping never
///                      returns somebody else takes the lock away, and what comes of it later counts for nothing
/// Running -> Parked    failed too often, or cannot be carried over; a reload or a stop takes it out
/// Running -> Stopped   for ever
/// </code>
/// Turn numbers grow when a turn starts, so a candidate state that was made at another number is stale.
/// What can never happen: two turns of one actor at a time; a turn whose binding is not of the current version when it
/// starts; work that is queued while the actor is idle and nobody is on the way to it.
/// </remarks>
internal sealed partial class ActorCell : ActorHandle, IThreadPoolWorkItem
{
    private const int Idle = 0;
    private const int Scheduled = 1;
    private const int Running = 2;
    private const int Suspended = 3;
    private const int Locked = 4;
    private const int Parked = 5;
    private const int Stopped = 6;
    private const int Changing = 7;

    /// <summary>And above: by a passage's number, even from <see cref="Idle"/> and odd from <see cref="Parked"/>.</summary>
    private const int LockedBy = 8;

    private readonly long _id;
    private int _status;
    private uint _turns;
    private Mailbox _mailbox = Mailbox.Create();
    private volatile BehaviorBinding _binding;
    private object? _state;
    private TurnContext? _context;
    private ActorExtras? _extras;
    private int _stopRequested;
    private StartReason? _start;
    private bool _frameNext;
    private volatile bool _inletReady;

    public ActorCell(ActorKernel kernel, long id, ActorRole role, BehaviorBinding binding, object? state)
    {
        Kernel = kernel;
        _id = id;
        Role = role;
        _binding = binding;
        _state = state;
        _start = StartReason.New;
        binding.Version.ActorJoined();
    }

    public ActorKernel Kernel { get; }

    public ActorRole Role { get; }

    public override ActorId Id => new(_id);

    public BehaviorBinding Binding => _binding;

    /// <summary>Messages that wait, roughly.</summary>
    public int Queued(int most) => _mailbox.CountUpTo(most);

    /// <summary>Only between turns.</summary>
    public object? State => _state;

    public ActorInlet? Inlet { get; private set; }

    /// <summary>Why the actor has stopped; null while it has not.</summary>
    public StopReason? StoppedFor => IsStopped ? (StopReason)(_stopRequested - 1) : null;

    /// <summary>It has been asked to stop; its last turn may still be to come.</summary>
    public bool IsStopping => Volatile.Read(ref _stopRequested) != 0;

    /// <summary>How many turns have started; wraps around.</summary>
    public uint Turns => Volatile.Read(ref _turns);

    public bool IsStopped => Volatile.Read(ref _status) == Stopped;

    public bool IsParked => Volatile.Read(ref _status) == Parked;

    public bool IsSuspended => Volatile.Read(ref _status) == Suspended;

    /// <summary>Its state for the version that is current is being made, after the others have changed over.</summary>
    public bool IsChanging => Volatile.Read(ref _status) == Changing;

    /// <summary>A turn is suspended or on a CPU.</summary>
    public bool IsInTurn => Volatile.Read(ref _status) is Running or Suspended;

    /// <summary>No turn runs or waits to run.</summary>
    public bool IsAtRest => Volatile.Read(ref _status) is Idle or Parked or Stopped && !(Volatile.Read(ref _status) == Idle && HasWork);

    public ActorTimers Timers => Extras.Timers ??= new ActorTimers(this);

    public IReadOnlyList<string> TimerKeys => _extras?.Timers?.Keys ?? [];

    private ActorExtras Extras => _extras ?? Interlocked.CompareExchange(ref _extras, new ActorExtras(), null) ?? _extras;

    public override string ToString() => Role.Kind switch
    {
        ActorKind.Named => Role.Name!,
        ActorKind.Connection => $"{Role.Name}#{_id}",
        _ => $"#{_id}",
    };

    /// <summary>Gives a new actor its connection; before its first turn.</summary>
    public void Attach(ActorInlet inlet)
    {
        Inlet = inlet;
        inlet.Actor = this;
        _inletReady = true;
    }

    public override void Send(object message) => Post(message, null);

    public override void Request(object request, AskSlot slot, TimeSpan deadline) => Request(request, slot, slot, deadline);

    public void Request(object request, object tag, AskSlot slot, TimeSpan deadline)
    {
        slot.AskedBy = Kernel.VersionThatAsks(request);
        Kernel.Asks.Add(slot, this, deadline);
        Post(request, tag);
    }

    public void Post(object message, object? tag)
    {
        if (IsStopped)
        {
            Undeliverable(message, tag, "the actor has stopped");
            return;
        }

        _binding.RecordSent(message);
        Enqueue(Envelope.For(Kernel.CurrentClient, message, tag));
    }

    public void PostTimer(TimerEntry entry) => Enqueue(Envelope.For(Kernel.Known(entry.Client), entry, entry));

    private void Enqueue(Envelope envelope)
    {
        _mailbox.Enqueue(envelope);
        Wake();
        if (IsStopped) DrainAfterStop();
    }

    /// <summary>The connection has something to read, or its end. Called on a pool thread of its own: an idle actor runs on it at once.</summary>
    public void InletReady()
    {
        if (InletSchedules()) Execute();
    }

    /// <summary>The same on a thread that has something to do when this returns: others than this actor do not run on it.</summary>
    public void InletReadyHere()
    {
        if (InletSchedules()) RunOnce();
    }

    private bool InletSchedules()
    {
        _inletReady = true;
        Interlocked.MemoryBarrier();
        return Volatile.Read(ref _status) == Idle && Interlocked.CompareExchange(ref _status, Scheduled, Idle) == Idle;
    }

    /// <summary>The first reason counts.</summary>
    /// <param name="client">On whose behalf; null: on nobody's, or nobody needs to know.</param>
    public void RequestStop(StopReason reason, Client? client = null)
    {
        if (client is not null && !IsStopping) Extras.StoppedBy = client;
        Interlocked.CompareExchange(ref _stopRequested, (int)reason + 1, 0);
        Wake();
        if (Volatile.Read(ref _status) == Parked) Resume();
    }

    /// <summary>Makes sure that somebody looks at the work there is.</summary>
    public void Wake()
    {
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _status) == Idle && Interlocked.CompareExchange(ref _status, Scheduled, Idle) == Idle)
            Kernel.Ready.Add(this);
    }

    /// <summary>Takes a parked actor out, to be tried again.</summary>
    public void Resume()
    {
        if (Interlocked.CompareExchange(ref _status, Scheduled, Parked) == Parked)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private bool HasWork =>
        _stopRequested != 0
        || _start is not null
        || !_mailbox.IsEmpty
        || (Inlet is { Held: false } && _inletReady)
        || !ReferenceEquals(_binding.Version, Kernel.Current);

    private void Undeliverable(object message, object? tag, string reason)
    {
        switch (tag)
        {
            case TimerEntry or WatchEntry:
                return;
            case AskSlot slot:
                slot.TryFail(new AskException(AskFailure.ActorGone, $"{this} did not answer: {reason}."));
                break;
            case AdaptedAsk ask:
                ask.Slot.TryFail(new AskException(AskFailure.ActorGone, $"{this} did not answer: {reason}."));
                break;
        }

        Kernel.DeadLetters.Add(this, message, reason);
    }
}
