using System.Collections.Concurrent;
using System.Diagnostics;

namespace WatchReload.Hosting.Kernel;

/// <summary>
/// Stops the start of turns for a moment.
/// </summary>
/// <remarks>
/// Theory of operation. Each thread that runs turns has a slot. It writes the actor into its slot, then looks whether the gate is
/// closed; if so it takes the actor out again and leaves it in <see cref="_waiting"/>. The closer writes the flag, then reads the
/// slots. One of the two sees the other: that needs a full fence on both sides, and as turns are many and reloads few, the
/// closer pays for both with a process-wide barrier. So while the gate is closed an actor is in one of these
/// conditions, and stays in it: at rest (idle, queued, waiting here); suspended in an await (its completion waits here too);
/// or still on a CPU, seen in a slot, when the closer's patience has ended: late.
/// What can never happen: a turn that starts while the gate is closed; an actor that is left waiting after it has opened.
/// </remarks>
internal sealed class Gate
{
    [ThreadStatic]
    private static Slot? t_slot;

    private readonly ConcurrentDictionary<int, Slot> _slots = new();
    private readonly ConcurrentQueue<ActorCell> _waiting = new();
    private volatile bool _closed;

    public bool IsClosed => _closed;

    /// <summary>Whether no thread is in a turn, or between the end of a turn and that of what follows from it.</summary>
    public bool IsEmpty => _slots.Values.All(slot => Volatile.Read(ref slot.Actor) is null);

    /// <summary>The calling thread's slot.</summary>
    public Slot Mine
    {
        get
        {
            var slot = t_slot;
            if (slot is not null && ReferenceEquals(slot.Gate, this)) return slot;
            return t_slot = _slots.GetOrAdd(Environment.CurrentManagedThreadId, static (_, gate) => new Slot(gate), this);
        }
    }

    /// <summary>Announces a turn. False: the gate is closed, and the actor waits until it opens.</summary>
    public bool TryEnter(Slot slot, ActorCell actor)
    {
        Volatile.Write(ref slot.Actor, actor);
        if (!_closed) return true;
        Volatile.Write(ref slot.Actor, null);
        Wait(actor);
        return false;
    }

    public static void Exit(Slot slot) => Volatile.Write(ref slot.Actor, null);

    /// <summary>Leaves the actor here; its <see cref="ActorCell.Execute"/> is called once the gate is open.</summary>
    public void Wait(ActorCell actor)
    {
        _waiting.Enqueue(actor);
        Interlocked.MemoryBarrier();
        if (!_closed) Release();
    }

    public void Close()
    {
        _closed = true;
        Interlocked.MemoryBarrierProcessWide();
    }

    /// <summary>After <see cref="Close"/>: waits for turns that are on a CPU. What is still there then is returned.</summary>
    public IReadOnlyList<ActorCell> AwaitTurns(TimeSpan patience)
    {
        var started = Stopwatch.GetTimestamp();
        List<ActorCell>? late = null;
        var spinner = new SpinWait();
        foreach (var slot in _slots.Values)
        {
            while (Volatile.Read(ref slot.Actor) is { } actor)
            {
                if (Stopwatch.GetElapsedTime(started) > patience)
                {
                    (late ??= []).Add(actor);
                    break;
                }

                spinner.SpinOnce(sleep1Threshold: -1);
            }
        }

        return late ?? (IReadOnlyList<ActorCell>)[];
    }

    public void Open()
    {
        _closed = false;
        Interlocked.MemoryBarrier();
        Release();
    }

    private void Release()
    {
        while (_waiting.TryDequeue(out var actor)) ThreadPool.UnsafeQueueUserWorkItem(actor, preferLocal: false);
    }

    /// <summary>The actor whose turn runs on one thread.</summary>
    internal sealed class Slot(Gate gate)
    {
        public readonly Gate Gate = gate;
        public ActorCell? Actor;

        /// <summary>Asked by the slot's own thread: whether it is in a turn already.</summary>
        public bool IsTaken => Actor is not null;
    }
}
