namespace WatchReload.Actors;

/// <summary>Why an actor's first turn runs.</summary>
public enum StartReason
{
    /// <summary>It was just spawned, declared or accepted.</summary>
    New,

    /// <summary>Its code was replaced; the state has been carried over.</summary>
    CodeChanged,

    /// <summary>It failed too often and starts again from its first state.</summary>
    Restarted,
}

/// <summary>Why an actor stops.</summary>
public enum StopReason
{
    /// <summary><see cref="IActorContext{TMessage}.Stop"/> or <see cref="IConnectionContext{TMessage}.Close"/>.</summary>
    Requested,

    /// <summary>The peer closed the connection.</summary>
    PeerClosed,

    /// <summary>The connection was reset or lost.</summary>
    PeerAborted,

    /// <summary>The peer did not read, and more waits for it than the listener allows.</summary>
    OutboundLimit,

    /// <summary>What the peer sent is not a frame.</summary>
    Framing,

    /// <summary>It failed too often.</summary>
    Failed,

    /// <summary>An actor that it is linked with stopped.</summary>
    LinkedActorStopped,

    /// <summary>The service no longer declares it.</summary>
    Undeclared,

    /// <summary>The node is stopping.</summary>
    NodeStopping,

    /// <summary>It had stopped before it was watched; the reason is no longer known.</summary>
    Unknown,
}

/// <summary>Tells an actor that one it watches has stopped.</summary>
/// <param name="Actor">The actor that stopped.</param>
/// <param name="Reason">Why.</param>
public sealed record Terminated(ActorId Actor, StopReason Reason);

/// <summary>Why work given to <see cref="IActorContext{TMessage}.Pipe"/> has no result; plain data, as exceptions hold code.</summary>
/// <param name="Type">The exception's full type name.</param>
/// <param name="Message">The exception's message.</param>
/// <param name="TimedOut">Whether it was a time-out; also of an <see cref="ActorRef{TMessage}.Ask"/>.</param>
/// <param name="Cancelled">Whether it was a cancellation.</param>
public sealed record Failure(string Type, string Message, bool TimedOut, bool Cancelled);
