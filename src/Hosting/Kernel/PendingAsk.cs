using WatchReload.Actors;

namespace WatchReload.Hosting.Kernel;

/// <summary>One request that waits: its deadline, and its place among those that the actor owes.</summary>
internal sealed class PendingAsk
{
    /// <summary>What a timer can wait.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    private readonly ITimer _timer;

    public PendingAsk(AskSlot slot, ActorCell actor)
    {
        Slot = slot;
        Actor = actor;
        _timer = actor.Kernel.StartTimer(static ask => ((PendingAsk)ask!).TimedOut(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public AskSlot Slot { get; }

    public ActorCell Actor { get; }

    /// <summary>Under the lock of <see cref="OwedReplies"/>.</summary>
    public PendingAsk? Before { get; set; }

    public PendingAsk? After { get; set; }

    public bool IsListed { get; set; }

    public void Start(TimeSpan deadline) => _timer.Change(deadline < Longest ? deadline : Longest, Timeout.InfiniteTimeSpan);

    public void Stop() => _timer.Dispose();

    public void ActorGone() => Slot.TryFail(new AskException(AskFailure.ActorGone, $"{Actor} stopped before it answered."));

    private void TimedOut() => Slot.TryFail(new AskException(AskFailure.TimedOut, "No reply came before the deadline; the actor may still do what was asked."));
}
