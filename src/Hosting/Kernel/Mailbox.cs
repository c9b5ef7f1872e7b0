using System.Runtime.CompilerServices;
using WatchReload.Actors;

namespace WatchReload.Hosting.Kernel;

/// <summary>One queued item and its link to the next.</summary>
internal class Envelope(object? payload, object? tag)
{
    public Envelope? Next;

    /// <summary>The message, request, timer payload, or <see cref="Terminated"/>.</summary>
    public object? Payload = payload;

    /// <summary>An <see cref="AskSlot"/>, a <see cref="TimerEntry"/>, an <see cref="AdaptedHandle"/>, a <see cref="WatchEntry"/>, or null for a plain message.</summary>
    public object? Tag = tag;

    /// <param name="client">Null: on nobody's behalf.</param>
    public static Envelope For(Client? client, object? payload, object? tag) => client is null ? new Envelope(payload, tag) : new ClientEnvelope(client, payload, tag);
}

/// <summary>One that was queued on a client's behalf.</summary>
internal sealed class ClientEnvelope(Client client, object? payload, object? tag) : Envelope(payload, tag)
{
    public Client Client { get; } = client;
}

/// <summary>
/// An unbounded queue with many senders and one receiver, after Dmitry Vyukov's non-intrusive MPSC queue: a sender swaps itself
/// in as the tail and then links its predecessor to it; between the two steps the receiver sees the queue end early, which is
/// why a sender wakes the actor after linking.
/// </summary>
internal struct Mailbox
{
    private Envelope _head;
    private Envelope _tail;

    public static Mailbox Create()
    {
        var stub = new Envelope(null, null);
        return new Mailbox { _head = stub, _tail = stub };
    }

    /// <summary>Asked of idle actors all the time: mostly answered without a look at the items.</summary>
    public bool IsEmpty => First() is null;

    /// <summary>How many are queued, roughly: turns go on meanwhile. Counts no further than <paramref name="most"/>.</summary>
    public int CountUpTo(int most)
    {
        var count = 0;
        for (var item = Volatile.Read(ref _head.Next); item is not null && count < most; item = Volatile.Read(ref item.Next)) count++;
        return count;
    }

    public void Enqueue(Envelope item)
    {
        var previous = Interlocked.Exchange(ref _tail, item);
        Volatile.Write(ref previous.Next, item);
    }

    /// <summary>What is next, for the thread that runs the actor's turn and then removes it; null if nothing is.</summary>
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
