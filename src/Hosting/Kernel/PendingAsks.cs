using System.Collections.Concurrent;
using WatchReload.Actors;

namespace WatchReload.Hosting.Kernel;

/// <summary>The requests that wait for a reply, with the actor that owes it.</summary>
internal sealed class PendingAsks(ActorKernel kernel)
{
    /// <summary>What a timer can wait.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    private readonly ConcurrentDictionary<AskSlot, ActorCell> _pending = new();

    public int Count => _pending.Count;

    /// <summary>Those that nothing has completed yet.</summary>
    public int Open => _pending.Keys.Count(slot => !slot.IsCompleted);

    public void Add(AskSlot slot, ActorCell actor, TimeSpan deadline)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(deadline, TimeSpan.Zero);
        slot.Convert = kernel.ConvertReply;
        var timer = kernel.StartTimer(
            static state => ((AskSlot)state!).TryFail(new AskException(AskFailure.TimedOut, "No reply came before the deadline; the actor may still do what was asked.")),
            slot,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
        slot.OnReleased(() =>
        {
            timer.Dispose();
            _pending.TryRemove(slot, out _);
        });
        _pending.TryAdd(slot, actor);
        // Last: it may fire at once, and what it releases must be there.
        timer.Change(deadline < Longest ? deadline : Longest, Timeout.InfiniteTimeSpan);
    }

    public void ActorGone(ActorCell actor)
    {
        if (_pending.IsEmpty) return;
        foreach (var (slot, owing) in _pending)
        {
            if (ReferenceEquals(owing, actor))
                slot.TryFail(new AskException(AskFailure.ActorGone, $"{actor} stopped before it answered."));
        }
    }

    /// <summary>Actors that owe a reply of a type that <paramref name="isOf"/> accepts.</summary>
    public IReadOnlyList<ActorCell> Where(Func<Type, bool> isOf) => [.. _pending.Where(p => isOf(p.Key.ReplyType)).Select(p => p.Value)];
}
