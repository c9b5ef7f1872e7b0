using System.Collections.Concurrent;
using WatchReload.Actors;

namespace WatchReload.Hosting.Kernel;

/// <summary>The requests that wait for a reply, with the actor that owes it.</summary>
/// <remarks>Found by slot, for what ends them, and by actor, so that one that stops finds its own without looking through all.</remarks>
internal sealed class PendingAsks(ActorKernel kernel)
{
    private readonly ConcurrentDictionary<AskSlot, PendingAsk> _pending = new();

    public int Count => _pending.Count;

    /// <summary>Those that nothing has completed yet.</summary>
    public int Open => _pending.Count(ask => !ask.Key.IsCompleted);

    public void Add(AskSlot slot, ActorCell actor, TimeSpan deadline)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(deadline, TimeSpan.Zero);
        slot.Convert = kernel.ConvertReply;
        var ask = new PendingAsk(slot, actor);
        slot.OnReleased(() => Ended(ask));
        _pending.TryAdd(slot, ask);
        actor.Owes(ask);
        // Last: it may fire at once, and what it releases must be there.
        ask.Start(deadline);
    }

    /// <summary>Actors that owe a reply of a type that <paramref name="isOf"/> accepts.</summary>
    public IReadOnlyList<ActorCell> Where(Func<Type, bool> isOf) => [.. _pending.Where(p => isOf(p.Key.ReplyType)).Select(p => p.Value.Actor)];

    private void Ended(PendingAsk ask)
    {
        ask.Stop();
        _pending.TryRemove(ask.Slot, out _);
        ask.Actor.OwesNoMore(ask);
    }
}
