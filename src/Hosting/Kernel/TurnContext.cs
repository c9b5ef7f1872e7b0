using System.Buffers;
using Microsoft.Extensions.DependencyInjection;
using WatchReload.Actors;

namespace WatchReload.Hosting.Kernel;

/// <summary>The part of a context that is of no version. One a cell and version, made at the first turn.</summary>
internal abstract class TurnContext(ActorCell cell, CodeVersion version)
{
    private AsyncServiceScope? _scope;

    // The request of this turn as it was sent, as the behavior sees it, and who waits for the answer.
    private object? _request;
    private object? _received;
    private AskSlot? _asker;

    protected ActorCell Cell { get; } = cell;

    public CodeVersion CodeVersion { get; } = version;

    public bool HasScope => _scope is not null;

    public IServiceProvider Services => (_scope ??= CodeVersion.Services.CreateAsyncScope()).ServiceProvider;

    public void Begin(object? request, object? received, AskSlot? asker)
    {
        _request = request;
        _received = received;
        _asker = asker;
    }

    /// <summary>With a message for which nobody waits.</summary>
    public void Begin(object message) => _request = message;

    public void End()
    {
        _request = null;
        _received = null;
        _asker = null;
    }

    public async ValueTask EndScope()
    {
        if (_scope is not { } scope) return;
        _scope = null;
        await scope.DisposeAsync();
    }

    protected AskSlot? AskerOf(object request)
    {
        if (ReferenceEquals(request, _request) || ReferenceEquals(request, _received)) return _asker;
        throw new InvalidOperationException(
            $"This turn does not handle that {SourceNames.Short(request.GetType())}. A request is answered in its own turn; to answer later, keep the ReplyTo that ReplyLater returns.");
    }
}

internal abstract class TurnContext<TMessage>(ActorCell cell, CodeVersion version) : TurnContext(cell, version), IActorContext<TMessage>
    where TMessage : notnull
{
    public ActorRef<TMessage> Self => new(Cell);

    public int Version => CodeVersion.Number;

    public TimeProvider Time => Cell.Kernel.Time;

    public ActorRef<TForeign> SelfAs<TBehavior, TForeign>() where TBehavior : IAdapt<TForeign, TMessage> where TForeign : notnull =>
        new(new AdaptedHandle(Cell, AdapterMethod.KeyOf(typeof(TForeign))));

    public ActorRef<TOther> Find<TOther>(ActorName<TOther> name) where TOther : notnull => Cell.Kernel.Find(name);

    public ActorRef<TOther> Spawn<TBehavior, TState, TOther>(TState first, bool link = false)
        where TBehavior : Behavior<TState, TOther>
        where TState : notnull
        where TOther : notnull
    {
        ArgumentNullException.ThrowIfNull(first);
        var binding = CodeVersion.FindBehavior(BehaviorBinding.NameOf(typeof(TBehavior)))
            ?? throw new InvalidOperationException($"{typeof(TBehavior)} is not a behavior of the service's own assemblies.");
        var child = Cell.Kernel.Spawn(binding, (Cell.Kernel.CurrentClient ?? Cell.OwnClient)?.Spawned ?? ActorRole.Spawned, first);
        if (link) Cell.Link(child);
        child.Wake();
        return new ActorRef<TOther>(child);
    }

    public void Watch(ActorId actor) => Cell.Watch(actor);

    public void Unwatch(ActorId actor) => Cell.Unwatch(actor);

    public void Pipe<T>(Func<CancellationToken, Task<T>> work, Func<T, TMessage> done, Func<Failure, TMessage> failed)
    {
        ArgumentNullException.ThrowIfNull(work);
        ArgumentNullException.ThrowIfNull(done);
        ArgumentNullException.ThrowIfNull(failed);
        Piped<T, TMessage>.Start(Cell, CodeVersion, work, done, failed);
    }

    public void Every(string key, TimeSpan period, TMessage message)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(period, TimeSpan.Zero);
        Cell.Timers.Set(key, period, repeats: true, message);
    }

    public void After(string key, TimeSpan delay, TMessage message)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        Cell.Timers.Set(key, delay, repeats: false, message);
    }

    public void Cancel(string key) => Cell.Timers.Cancel(key);

    public void Reply<TReply>(IRequest<TMessage, TReply> request, TReply reply) => AskerOf(request)?.TryComplete(reply);

    public ReplyTo<TReply> ReplyLater<TReply>(IRequest<TMessage, TReply> request) => new(AskerOf(request));

    public void Stop() => Cell.RequestStop(StopReason.Requested, Cell.Kernel.CurrentClient);
}

internal sealed class ActorContext<TState, TMessage>(ActorCell cell, CodeVersion version) : TurnContext<TMessage>(cell, version), Behavior<TState, TMessage>.Context
    where TState : notnull
    where TMessage : notnull;

internal sealed class ConnectionTurnContext<TState, TMessage>(ActorCell cell, CodeVersion version) : TurnContext<TMessage>(cell, version), ConnectionBehavior<TState, TMessage>.Context
    where TState : notnull
    where TMessage : notnull
{
    public AcceptedConnection Connection => Cell.Inlet!.Connection;

    public IBufferWriter<byte> Output => Cell.Inlet!.Output;

    public void Write(ReadOnlySpan<byte> frame) => Cell.Inlet!.Write(frame);

    public void WriteLine(string text) => Cell.Inlet!.WriteText(text);

    public void HoldFrames() => Cell.Inlet!.Held = true;

    public void TakeFrames() => Cell.Inlet!.Held = false;

    public void Close() => Cell.RequestStop(StopReason.Requested, Cell.Kernel.CurrentClient);
}
