namespace WatchReload.Actors;

/// <summary>
/// Another actor's protocol, turned into one's own when the message's turn comes, by the behavior's current version: no delegate is held.
/// </summary>
/// <example>
/// <code>
/// public abstract record RoomMessage
/// {
///     public sealed record Spun(int Number) : RoomMessage;
/// }
///
/// public sealed record WheelStopped(int Number);
///
/// public sealed class Room : Behavior&lt;int, RoomMessage&gt;, IAdapt&lt;WheelStopped, RoomMessage&gt;
/// {
///     public static RoomMessage Adapt(WheelStopped foreign) =&gt; new RoomMessage.Spun(foreign.Number);
///
///     public override ValueTask&lt;int&gt; Receive(int s, RoomMessage m, Context self)
///     {
///         ActorRef&lt;WheelStopped&gt; forWheels = self.SelfAs&lt;Room, WheelStopped&gt;();   // hand it to a wheel
///         return new(m is RoomMessage.Spun spun &amp;&amp; !forWheels.IsNone ? spun.Number : s);
///     }
/// }
/// </code>
/// </example>
/// <typeparam name="TForeign">The other protocol.</typeparam>
/// <typeparam name="TMessage">The actor's own messages.</typeparam>
public interface IAdapt<TForeign, TMessage>
{
    /// <summary>Turns <paramref name="foreign"/> into a message of this actor.</summary>
    static abstract TMessage Adapt(TForeign foreign);
}
