using System.Runtime.CompilerServices;
using WatchReload.Actors;

namespace WatchReload.Hosting.Kernel;

/// <summary>One queued item and its link to the next.</summary>
internal sealed class Envelope(object? payload, object? tag)
{
    public Envelope? Next;

    /// <summary>The message, request, timer payload, or <see cref="Terminated"/>.</summary>
    public object? Payload = payload;

    /// <summary>An <see cref="AskSlot"/>, a <see cref="TimerEntry"/>, an <see cref="AdaptedHandle"/>, a <see cref="WatchEntry"/>, or null for a plain message.</summary>
    public object? Tag = tag;
}

/// <summary>
/// An unbounded queue with many senders and one receiver, after Dmitry Vyukov's non-intrusive MPSC queue: a sender swaps itself
/// in as the tail and then links its predecessor to it; between the two steps the receiver sees the queue end early, which is
/// why a sender wakes the actor after linking.
/// </summary>
/// <remarks>
/// Who sleeps and who wakes: a sender links, then asks whether the receiver has work already; a receiver says that it has none, then looks whether something has come. One of the two sees the
/// other. That needs a full fence on both sides, and messages are many: the sender has only the one of its swap, before it links. So a receiver that finds the tail swapped, and nothing
/// linked to what it took last, pays for both with a process-wide barrier (<see cref="HasArrived"/>): whoever had linked by then is seen, and whoever links later asks later, and wakes it.
/// </remarks>
internal struct Mailbox
{
    private Envelope _head;
    private Envelope _tail;

    public static Mailbox Create()
    {
        var stub = new Envelope(null, null);
        return new Mailbox { _head = stub, _tail = stub };
    }

    /// <summary>How many are queued, roughly: turns go on meanwhile. Counts no further than <paramref name="most"/>.</summary>
    public int CountUpTo(int most)
    {
        var count = 0;
        for (var item = Volatile.Read(ref _head.Next); item is not null && count < most; item = Volatile.Read(ref item.Next)) count++;
        return count;
    }

    /// <summary>When it returns the item may not be seen by others yet, but there was a full fence when the tail was swapped.</summary>
    public void Enqueue(Envelope item) => Link(Swap(item), item);

    /// <summary>The first step; the item before it.</summary>
    public Envelope Swap(Envelope item) => Interlocked.Exchange(ref _tail, item);

    /// <summary>The second.</summary>
    public static void Link(Envelope previous, Envelope item) => Volatile.Write(ref previous.Next, item);

    /// <summary>
    /// Asked by a receiver that has just said, with a full fence, that it takes nothing any more: whether it must all the same. If not, who queues from now on finds it so.
    /// Asked of idle actors all the time: mostly answered without a look at the items.
    /// </summary>
    public bool HasArrived()
    {
        if (ReferenceEquals(Volatile.Read(ref _tail), _head)) return false;
        if (Volatile.Read(ref _head.Next) is not null) return true;
        Interlocked.MemoryBarrierProcessWide();
        return Volatile.Read(ref _head.Next) is not null;
    }

    /// <summary>What is next, for who then removes it, or null. Only the thread that runs the actor's turn may call this.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Envelope? First() => ReferenceEquals(Volatile.Read(ref _tail), _head) ? null : Volatile.Read(ref _head.Next);

    /// <summary>Takes the first one out. From now on it is the queue's, and empty.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void RemoveFirst(Envelope first)
    {
        // A dead item that an older generation holds must not drag its successors there. Whoever looks at it now and finds no next is
        // not the receiver; the one that is looks again before it goes idle.
        Volatile.Write(ref _head.Next, null);
        _head = first;
        first.Payload = null;
        first.Tag = null;
    }

    /// <summary>Only the thread that runs the actor's turn may call this.</summary>
    public bool TryDequeue(out object payload, out object? tag)
    {
        if (First() is not { } first)
        {
            payload = null!;
            tag = null;
            return false;
        }

        (payload, tag) = (first.Payload!, first.Tag);
        RemoveFirst(first);
        return true;
    }

    /// <summary>The queued items; only while no turn runs and none can start.</summary>
    public readonly IEnumerable<Envelope> Peek()
    {
        for (var item = Volatile.Read(ref _head.Next); item is not null; item = Volatile.Read(ref item.Next)) yield return item;
    }
}
