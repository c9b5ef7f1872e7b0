using WatchReload.Actors;
using WatchReload.Hosting.Kernel;

namespace WatchReload.Testing;

/// <summary>An actor of a <see cref="TestNode"/>.</summary>
public class TestActor<TState, TMessage> where TState : notnull where TMessage : notnull
{
    internal TestActor(TestNode node, ActorCell cell)
    {
        Node = node;
        Cell = cell;
    }

    /// <summary>Where to send.</summary>
    public ActorRef<TMessage> Ref => new(Cell);

    /// <summary>The state after the last turn: await <see cref="TestNode.Quiet"/> first, so that no turn is under way.</summary>
    /// <exception cref="InvalidOperationException">The actor has stopped; its state is gone.</exception>
    public TState State => (TState)(Cell.State ?? throw new InvalidOperationException($"{Cell} has no state: it has {(Stopped is { } why ? $"stopped ({why})" : "not started")}."));

    /// <summary>Why it has stopped; null while it has not.</summary>
    public StopReason? Stopped => Cell.StoppedFor;

    /// <summary>Whether it failed too often and is parked.</summary>
    public bool Parked => Cell.IsParked;

    internal TestNode Node { get; }

    internal ActorCell Cell { get; }
}
