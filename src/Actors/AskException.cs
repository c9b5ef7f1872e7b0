namespace WatchReload.Actors;

/// <summary>Why an <see cref="ActorRef{TMessage}.Ask"/> has no reply.</summary>
public enum AskFailure
{
    /// <summary>The deadline passed; the actor may still do what was asked.</summary>
    TimedOut,

    /// <summary>The actor stopped before it answered, or had stopped already.</summary>
    ActorGone,

    /// <summary>The turn that handled the request failed.</summary>
    TurnFailed,

    /// <summary>The reply is of another version and has no mapping to the awaited type.</summary>
    Unmappable,
}

/// <summary>An <see cref="ActorRef{TMessage}.Ask"/> without a reply. The asker and the actor can be used as before.</summary>
public sealed class AskException(AskFailure reason, string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>What happened.</summary>
    public AskFailure Reason { get; } = reason;
}
