namespace WatchReload.Actors;

/// <summary>
/// What an actor does. One instance serves all actors of it in one version; it comes from the version's container and holds no
/// state of an actor. Every method returns the actor's next state.
/// </summary>
/// <remarks>
/// The counterpart of an OTP <c>gen_server</c> callback module:
/// <code>
/// spawned, declared   -> Started(New)         code replaced -> Started(CodeChanged)    failed too often -> Started(Restarted)
/// Send, Ask, a timer  -> Receive              a watched actor stopped -> Terminated
/// stopping            -> Stopping
/// </code>
/// A turn that throws leaves the state reference as it was (changes made in place remain). The analyzers that come with this package warn of
/// state that is not data (WR0002) and of fields that would be state of the behavior (WR0003).
/// </remarks>
/// <example>
/// <code>
/// public sealed record CounterState(int Count);
///
/// public abstract record CounterMessage
/// {
///     public sealed record Add(int By) : CounterMessage;
///     public sealed record Read : CounterMessage, IRequest&lt;CounterMessage, int&gt;;
/// }
///
/// public sealed class Counter(ILogger&lt;Counter&gt; log) : Behavior&lt;CounterState, CounterMessage&gt;
/// {
///     public override ValueTask&lt;CounterState&gt; Receive(CounterState s, CounterMessage m, Context self)
///     {
///         switch (m)
///         {
///             case CounterMessage.Add add:
///                 return new(s with { Count = s.Count + add.By });
///             case CounterMessage.Read read:
///                 self.Reply(read, s.Count);
///                 return new(s);
///             default:
///                 log.LogWarning("{Message} is not known", m);
///                 return new(s);
///         }
///     }
/// }
/// </code>
/// </example>
/// <typeparam name="TState">The actor's state: plain data.</typeparam>
/// <typeparam name="TMessage">What the actor can be sent: usually an abstract record that all its messages derive from.</typeparam>
public abstract class Behavior<TState, TMessage> where TState : notnull where TMessage : notnull
{
    /// <summary>The actor's view of the node, so that overrides say <c>Context self</c>.</summary>
    public interface Context : IActorContext<TMessage>;

    /// <summary>The first turn, before queued messages.</summary>
    public virtual ValueTask<TState> Started(TState s, StartReason why, Context self) => new(s);

    /// <summary>One message.</summary>
    public abstract ValueTask<TState> Receive(TState s, TMessage m, Context self);

    /// <summary>A watched actor has stopped.</summary>
    public virtual ValueTask<TState> Terminated(TState s, Terminated who, Context self) => new(s);

    /// <summary>The last turn.</summary>
    public virtual ValueTask Stopping(TState s, StopReason why, Context self) => default;
}
