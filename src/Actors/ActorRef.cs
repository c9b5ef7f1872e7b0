namespace WatchReload.Actors;

/// <summary>The name of a declared actor, local to its node. Names are compared ordinally.</summary>
/// <typeparam name="TMessage">What that actor can be sent.</typeparam>
/// <param name="Value">The name; not empty.</param>
public readonly record struct ActorName<TMessage>(string Value) where TMessage : notnull;

/// <summary>Identifies an actor for the life of its node; never reused.</summary>
/// <param name="Value">The number.</param>
public readonly record struct ActorId(long Value);

/// <summary>
/// Where to send. A small value, plain data: it may be part of states and messages and survives reloads. Sends take effect at
/// once, never wait and never throw for an actor that is gone: the message becomes a dead letter. Order is kept per sender and receiver.
/// </summary>
/// <typeparam name="TMessage">What can be sent with it.</typeparam>
public readonly struct ActorRef<TMessage> : IEquatable<ActorRef<TMessage>> where TMessage : notnull
{
    private readonly ActorHandle? _handle;

    internal ActorRef(ActorHandle handle) => _handle = handle;

    internal ActorHandle Handle => _handle ?? throw new InvalidOperationException(
        "This ActorRef is the default value and refers to no actor. Take one from Spawn, Self, or IActors.Find.");

    /// <summary>The actor's identity.</summary>
    public ActorId Id => Handle.Id;

    /// <summary>Whether this is the default value, which refers to no actor.</summary>
    public bool IsNone => _handle is null;

    /// <summary>Queues a message.</summary>
    public void Send(TMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        Handle.Send(message);
    }

    /// <summary>
    /// Queues a request and waits for its reply, at most until <paramref name="deadline"/> has passed. Inside a turn it suspends
    /// the turn: over a reload the actor is then late. Prefer <see cref="IActorContext{TMessage}.Pipe"/> there.
    /// </summary>
    /// <exception cref="AskException">No reply came; its reason says why.</exception>
    public ValueTask<TReply> Ask<TReply>(IRequest<TMessage, TReply> request, TimeSpan deadline)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request is not TMessage)
            throw new ArgumentException($"{request.GetType()} is a request to receivers of {typeof(TMessage)}, but not one of their messages: derive it from {typeof(TMessage)}.", nameof(request));
        var slot = new AskSlot<TReply>();
        Handle.Request(request, slot, deadline);
        return new ValueTask<TReply>(slot.Reply);
    }

    /// <summary>The same actor, for those who should send only some of its messages.</summary>
    public ActorRef<TNarrow> Narrow<TNarrow>() where TNarrow : TMessage => new(Handle);

    /// <inheritdoc/>
    public bool Equals(ActorRef<TMessage> other) => Equals(_handle, other._handle);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ActorRef<TMessage> other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _handle?.GetHashCode() ?? 0;

    /// <inheritdoc/>
    public override string ToString() => _handle?.ToString() ?? "none";

    /// <summary>Whether both refer to the same actor.</summary>
    public static bool operator ==(ActorRef<TMessage> left, ActorRef<TMessage> right) => left.Equals(right);

    /// <summary>Whether they refer to different actors.</summary>
    public static bool operator !=(ActorRef<TMessage> left, ActorRef<TMessage> right) => !left.Equals(right);
}
