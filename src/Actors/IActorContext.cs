using System.Buffers;

namespace WatchReload.Actors;

/// <summary>What code outside an actor uses: from the version's container, a hosted service, CodeChange.</summary>
public interface IActors
{
    /// <summary>The declared actor of that name.</summary>
    /// <exception cref="ActorNotFoundException">The node has no such actor.</exception>
    ActorRef<TMessage> Find<TMessage>(ActorName<TMessage> name) where TMessage : notnull;
}

/// <summary>The node has no actor of that name.</summary>
public sealed class ActorNotFoundException(string name) : Exception(
    $"No actor is named '{name}'. Declare it in IService.Configure: service.Actor<TBehavior, TState, TMessage>(name, first).")
{
    /// <summary>The name that was looked for.</summary>
    public string Name { get; } = name;
}

/// <summary>The version that code belongs to; from the version's container.</summary>
public interface IServiceVersion
{
    /// <summary>1 for the first that the node loads; never reused.</summary>
    int Number { get; }

    /// <summary>Cancelled when the version has been replaced: background work should end, so that the version can be unloaded.</summary>
    CancellationToken Retired { get; }
}

/// <summary>An actor's view of the node, valid for the turn that it was given to.</summary>
/// <typeparam name="TMessage">What the actor can be sent.</typeparam>
public interface IActorContext<TMessage> : IActors where TMessage : notnull
{
    /// <summary>This actor.</summary>
    ActorRef<TMessage> Self { get; }

    /// <summary>
    /// This actor, for those who speak <typeparamref name="TForeign"/>: what they send passes <typeparamref name="TBehavior"/>'s
    /// <see cref="IAdapt{TForeign,TMessage}.Adapt"/> when its turn comes. <typeparamref name="TBehavior"/> is this actor's behavior.
    /// The reference has this actor's id.
    /// </summary>
    ActorRef<TForeign> SelfAs<TBehavior, TForeign>() where TBehavior : IAdapt<TForeign, TMessage> where TForeign : notnull;

    /// <summary>The number of the version whose code this turn runs.</summary>
    int Version { get; }

    /// <summary>A scope of the version's container, made when first asked for and disposed of after the turn.</summary>
    IServiceProvider Services { get; }

    /// <summary>The node's clock.</summary>
    TimeProvider Time { get; }

    /// <summary>Starts an actor.</summary>
    /// <param name="first">Its first state.</param>
    /// <param name="link">Whether each of the two stops when the other does.</param>
    /// <returns>Where to send to it; messages are queued from now on.</returns>
    ActorRef<TOther> Spawn<TBehavior, TState, TOther>(TState first, bool link = false)
        where TBehavior : Behavior<TState, TOther>
        where TState : notnull
        where TOther : notnull;

    /// <summary>Asks for one <see cref="Terminated"/> when <paramref name="actor"/> stops; at once if it has stopped already.</summary>
    void Watch(ActorId actor);

    /// <summary>Takes <see cref="Watch"/> back; a <see cref="Terminated"/> that is queued already is dropped.</summary>
    void Unwatch(ActorId actor);

    /// <summary>
    /// Runs <paramref name="work"/> outside turns and sends this actor its outcome as a message; the state may have moved on, and
    /// so may the code: the work finishes over a reload and its message is mapped. The token is cancelled when the actor stops.
    /// </summary>
    /// <example>
    /// <code>
    /// public abstract record PageMessage
    /// {
    ///     public sealed record Fetch(Uri From) : PageMessage;
    ///     public sealed record Fetched(string Text) : PageMessage;
    ///     public sealed record Failed(Failure Why) : PageMessage;
    /// }
    ///
    /// public sealed class Page(HttpClient http) : Behavior&lt;string, PageMessage&gt;
    /// {
    ///     public override ValueTask&lt;string&gt; Receive(string s, PageMessage m, Context self)
    ///     {
    ///         if (m is PageMessage.Fetch fetch)
    ///             self.Pipe(stop =&gt; http.GetStringAsync(fetch.From, stop), text =&gt; new PageMessage.Fetched(text), why =&gt; new PageMessage.Failed(why));
    ///         return new(m is PageMessage.Fetched fetched ? fetched.Text : s);
    ///     }
    /// }
    /// </code>
    /// </example>
    /// <typeparam name="T">What the work results in.</typeparam>
    /// <param name="work">Starts the work, on the thread pool. It must not use the context or the state: both belong to the turn.</param>
    /// <param name="done">Makes the message of a result.</param>
    /// <param name="failed">Makes the message of a failure, also of a work that was cancelled or timed out.</param>
    void Pipe<T>(Func<CancellationToken, Task<T>> work, Func<T, TMessage> done, Func<Failure, TMessage> failed);

    /// <summary>
    /// Sends this actor <paramref name="message"/> every <paramref name="period"/>, the first time after one period. At most one
    /// is queued at a time. A timer of the same key is replaced; the message of a replaced one is dropped, also when it is queued.
    /// </summary>
    void Every(string key, TimeSpan period, TMessage message);

    /// <summary>Sends this actor <paramref name="message"/> once, after <paramref name="delay"/>. Keys as in <see cref="Every"/>.</summary>
    void After(string key, TimeSpan delay, TMessage message);

    /// <summary>Ends the timer <paramref name="key"/>, if there is one, and drops its queued message.</summary>
    void Cancel(string key);

    /// <summary>Answers the request that this turn handles; ignored when it was sent and not asked.</summary>
    /// <exception cref="InvalidOperationException">This turn handles another message.</exception>
    void Reply<TReply>(IRequest<TMessage, TReply> request, TReply reply);

    /// <summary>Takes the right to answer the request that this turn handles, to use it later.</summary>
    /// <exception cref="InvalidOperationException">This turn handles another message.</exception>
    ReplyTo<TReply> ReplyLater<TReply>(IRequest<TMessage, TReply> request);

    /// <summary>Stops this actor after the turn. What is queued becomes dead letters.</summary>
    void Stop();
}

/// <summary>The view of an actor that has a connection.</summary>
/// <typeparam name="TMessage">What the actor can be sent.</typeparam>
public interface IConnectionContext<TMessage> : IActorContext<TMessage> where TMessage : notnull
{
    /// <summary>Who is connected.</summary>
    AcceptedConnection Connection { get; }

    /// <summary>Sends a frame, encoded by the listener's framing; on return it is in the node's buffer.</summary>
    void Write(ReadOnlySpan<byte> frame);

    /// <summary><see cref="Write"/> of the text's UTF-8.</summary>
    void WriteLine(string text);

    /// <summary>Bytes to send, unframed; sent at the end of the turn.</summary>
    IBufferWriter<byte> Output { get; }

    /// <summary>
    /// No next frame until <see cref="TakeFrames"/>; messages still arrive. Erlang's <c>{active, once}</c>. What else comes in order
    /// with the frames waits too: a malformed one, and the end of the peer's stream. So a question can be put to another actor,
    /// and its answer still reaches a peer that has closed its sending side.
    /// </summary>
    void HoldFrames();

    /// <summary>Ends <see cref="HoldFrames"/>.</summary>
    void TakeFrames();

    /// <summary>
    /// Sends what is buffered, closes the connection and stops this actor. Frames that were not read yet are dropped; a peer that
    /// is still sending may see a reset after what was sent to it.
    /// </summary>
    void Close();
}
