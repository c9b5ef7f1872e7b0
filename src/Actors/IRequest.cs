namespace WatchReload.Actors;

/// <summary>
/// A message that is answered. <typeparamref name="TMessage"/> ties it to those actors that receive it; the request is itself
/// such a message: <c>record Join(string Name) : IndexMessage, IRequest&lt;IndexMessage, bool&gt;</c>.
/// </summary>
/// <example>
/// <code>
/// public abstract record IndexMessage;
///
/// public sealed record Join(string Name) : IndexMessage, IRequest&lt;IndexMessage, bool&gt;;
///
/// public static class Asking
/// {
///     public static ValueTask&lt;bool&gt; Ask(ActorRef&lt;IndexMessage&gt; index) =&gt; index.Ask(new Join("ada"), TimeSpan.FromSeconds(2));
/// }
/// </code>
/// </example>
/// <typeparam name="TMessage">The messages of the actors that answer it.</typeparam>
/// <typeparam name="TReply">The reply.</typeparam>
public interface IRequest<TMessage, TReply> where TMessage : notnull;

/// <summary>The right to answer one request: plain data, may wait in the state over a reload. The first answer counts.</summary>
/// <typeparam name="TReply">The reply.</typeparam>
public readonly struct ReplyTo<TReply> : IEquatable<ReplyTo<TReply>>
{
    private readonly ReplyRight? _right;

    internal ReplyTo(AskSlot? slot) => _right = slot?.Right;

    /// <summary>Answers. Does nothing when the request was answered already, is past its deadline, or was sent without asking.</summary>
    public void Send(TReply reply) => _right?.Slot?.TryComplete(reply);

    /// <inheritdoc/>
    public bool Equals(ReplyTo<TReply> other) => ReferenceEquals(_right, other._right);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ReplyTo<TReply> other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _right?.GetHashCode() ?? 0;

    /// <summary>Whether both answer the same request.</summary>
    public static bool operator ==(ReplyTo<TReply> left, ReplyTo<TReply> right) => left.Equals(right);

    /// <summary>Whether they answer different requests.</summary>
    public static bool operator !=(ReplyTo<TReply> left, ReplyTo<TReply> right) => !left.Equals(right);
}
