namespace WatchReload.Actors;

/// <summary>What an actor with a connection does; as <see cref="Behavior{TState,TMessage}"/>, with frames.</summary>
/// <typeparam name="TState">The actor's state: plain data.</typeparam>
/// <typeparam name="TMessage">What the actor can be sent: usually an abstract record that all its messages derive from.</typeparam>
public abstract class ConnectionBehavior<TState, TMessage> where TState : notnull where TMessage : notnull
{
    /// <summary>The actor's view of the node and its connection, so that overrides say <c>Context self</c>.</summary>
    public interface Context : IConnectionContext<TMessage>;

    /// <summary>The first turn, before frames and queued messages.</summary>
    public virtual ValueTask<TState> Started(TState s, StartReason why, Context self) => new(s);

    /// <summary>One frame from the peer; its memory is valid for this turn. The next one is not read before this turn has ended.</summary>
    public abstract ValueTask<TState> Frame(TState s, ReadOnlyMemory<byte> frame, Context self);

    /// <summary>The peer sent what is not a frame; nothing more is read. What this turn writes is still sent, then the connection is closed.</summary>
    public virtual ValueTask FramingFailed(TState s, string error, Context self)
    {
        self.Close();
        return default;
    }

    /// <summary>One message.</summary>
    public abstract ValueTask<TState> Receive(TState s, TMessage m, Context self);

    /// <summary>A watched actor has stopped.</summary>
    public virtual ValueTask<TState> Terminated(TState s, Terminated who, Context self) => new(s);

    /// <summary>The last turn; what it writes is still sent if the peer is there.</summary>
    public virtual ValueTask Stopping(TState s, StopReason why, Context self) => default;
}
