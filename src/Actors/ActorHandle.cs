namespace WatchReload.Actors;

/// <summary>
/// What an <see cref="ActorRef{TMessage}"/> holds: the node's side of an actor. Not generic and of no version, so that a
/// reference can pass from the types of one version to those of the next by copying this pointer.
/// </summary>
internal abstract class ActorHandle
{
    public abstract ActorId Id { get; }

    public abstract void Send(object message);

    public abstract void Request(object request, AskSlot slot, TimeSpan deadline);
}
