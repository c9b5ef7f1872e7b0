using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using WatchReload.Actors;

namespace WatchReload.Hosting.Kernel;

/// <summary>
/// A behavior of one version, callable without its type arguments. The generic types below are instantiated over types of one
/// version only, so that they live and die with it.
/// </summary>
internal abstract class BehaviorBinding
{
    private readonly System.Collections.Concurrent.ConcurrentDictionary<Type, byte>? _sent;
    private FewTypes _sentOften = FewTypes.Create();
    private FewTypes _received = FewTypes.Create();
    private FewTypes _same = FewTypes.Create();

    protected BehaviorBinding(object behavior, CodeVersion version, Type stateType, Type messageType)
    {
        Version = version;
        StateType = stateType;
        MessageType = messageType;
        BehaviorType = behavior.GetType();
        Name = NameOf(BehaviorType);
        HasStarted = Overrides(nameof(Started));
        HasStopping = Overrides(nameof(Stopping));
        Adapters = AdapterMethod.AllOf(BehaviorType, messageType);
        _sent = new();
    }

    /// <summary>Of no version; see <see cref="StoppedBinding"/>.</summary>
    protected BehaviorBinding(string name)
    {
        Version = NoVersion.Instance;
        StateType = MessageType = BehaviorType = typeof(void);
        Name = name;
        Adapters = new Dictionary<string, AdapterMethod>();
    }

    public CodeVersion Version { get; }
    public string Name { get; }
    public Type BehaviorType { get; }
    public Type StateType { get; }
    public Type MessageType { get; }

    /// <summary>Whether the first turn does anything: if not, a change-over needs none.</summary>
    public bool HasStarted { get; }

    public bool HasStopping { get; }
    public IReadOnlyDictionary<string, AdapterMethod> Adapters { get; }

    /// <summary>The types of messages sent to actors of this behavior so far, for the plan of the next reload.</summary>
    public ICollection<Type> SentTypes => _sent?.Keys ?? [];

    public static string NameOf(Type behavior) => SourceNames.Full(behavior);

    /// <summary>Binds an instance of a subclass of one of the two behavior classes.</summary>
    public static BehaviorBinding Create(object behavior, CodeVersion version)
    {
        for (var type = behavior.GetType(); type is not null; type = type.BaseType)
        {
            if (!type.IsGenericType) continue;
            var definition = type.GetGenericTypeDefinition();
            var binding = definition == typeof(Behavior<,>) ? typeof(ActorBinding<,>)
                : definition == typeof(ConnectionBehavior<,>) ? typeof(ConnectionBinding<,>) : null;
            if (binding is null) continue;
            return (BehaviorBinding)Activator.CreateInstance(binding.MakeGenericType(type.GetGenericArguments()), behavior, version)!;
        }

        throw new ArgumentException($"{SourceNames.Full(behavior.GetType())} derives from neither Behavior nor ConnectionBehavior.", nameof(behavior));
    }

    public static bool IsBehavior(Type type)
    {
        if (type.IsAbstract || type.ContainsGenericParameters) return false;
        for (var t = type.BaseType; t is not null; t = t.BaseType)
            if (t.IsGenericType && (t.GetGenericTypeDefinition() == typeof(Behavior<,>) || t.GetGenericTypeDefinition() == typeof(ConnectionBehavior<,>))) return true;
        return false;
    }

    public abstract TurnContext CreateContext(ActorCell cell);
    public abstract bool Accepts(object message);
    public abstract ValueTask<object> Started(object state, StartReason why, TurnContext context);

    /// <param name="message">One that it <see cref="Accepts"/>: that is not looked at again.</param>
    public abstract ValueTask<object> Receive(object state, object message, TurnContext context);
    public abstract ValueTask<object> Terminated(object state, Terminated who, TurnContext context);
    public abstract ValueTask Stopping(object state, StopReason why, TurnContext context);

    public virtual ValueTask<object> Frame(object state, ReadOnlyMemory<byte> frame, TurnContext context) => throw new InvalidOperationException($"{Name} has no connection.");

    public virtual ValueTask FramingFailed(object state, string error, TurnContext context) => default;

    /// <summary>Remembers the type of a message. Types of other versions are not kept: they are their own version's business.</summary>
    public void RecordSent(object message)
    {
        var type = message.GetType();
        if (!_sentOften.Contains(type)) RecordSent(type);
    }

    protected virtual void RecordSent(Type type)
    {
        if (!_sent!.ContainsKey(type))
        {
            if (Version.IsForeign(type)) return;
            _sent.TryAdd(type, 0);
        }

        _sentOften.Add(type);
    }

    /// <summary>Whether messages of exactly that type are known to be of no other version and to hold nothing of one, and to be of those that the behavior receives.</summary>
    public bool HasReceived(Type type) => _received.Contains(type);

    /// <summary>Messages of exactly that type are of no other version and hold nothing of one, and are of those that the behavior receives.</summary>
    public void RecordReceived(Type type) => _received.Add(type);

    /// <summary>Whether a message of exactly that type may be of another version, or hold what is.</summary>
    public bool MayDiffer(Type type)
    {
        if (_same.Contains(type)) return false;
        if (Version.MayDiffer(type)) return true;
        _same.Add(type);
        return false;
    }

    /// <summary>A cast that was found to be right before: in code that is shared by many behaviors casts are slow.</summary>
    protected static T Accepted<T>(object message) where T : notnull => typeof(T).IsValueType ? (T)message : Unsafe.As<object, T>(ref message);

    /// <summary>The same for a state, which is nearly always of exactly that type: to ask for that is enough, and fast.</summary>
    protected T Own<T>(object state) where T : notnull => typeof(T).IsValueType || !ReferenceEquals(state.GetType(), StateType) ? (T)state : Unsafe.As<object, T>(ref state);

    /// <summary>The same for a context: an actor has one of its binding's making, or none.</summary>
    protected static T Made<T>(TurnContext context) where T : TurnContext
    {
        Debug.Assert(context is T, "An actor has kept the context of a binding that it has left.");
        return Unsafe.As<T>(context);
    }

    protected static ValueTask<object> Boxed<T>(ValueTask<T> turn) where T : notnull =>
        turn.IsCompletedSuccessfully ? new ValueTask<object>(turn.Result) : Await(turn);

    private static async ValueTask<object> Await<T>(ValueTask<T> turn) where T : notnull => await turn;

    private bool Overrides(string method) => BehaviorType.GetMethod(method, BindingFlags.Public | BindingFlags.Instance) is { DeclaringType: { } declaring }
        && !(declaring.IsGenericType && declaring.Assembly == typeof(IService).Assembly);
}

internal sealed class ActorBinding<TState, TMessage>(Behavior<TState, TMessage> behavior, CodeVersion version)
    : BehaviorBinding(behavior, version, typeof(TState), typeof(TMessage))
    where TState : notnull
    where TMessage : notnull
{
    public override TurnContext CreateContext(ActorCell cell) => new ActorContext<TState, TMessage>(cell, Version);

    public override bool Accepts(object message) => message is TMessage;

    public override ValueTask<object> Started(object state, StartReason why, TurnContext context) =>
        Boxed(behavior.Started((TState)state, why, (ActorContext<TState, TMessage>)context));

    public override ValueTask<object> Receive(object state, object message, TurnContext context) =>
        Boxed(behavior.Receive(Own<TState>(state), Accepted<TMessage>(message), Made<ActorContext<TState, TMessage>>(context)));

    public override ValueTask<object> Terminated(object state, Terminated who, TurnContext context) =>
        Boxed(behavior.Terminated((TState)state, who, (ActorContext<TState, TMessage>)context));

    public override ValueTask Stopping(object state, StopReason why, TurnContext context) =>
        behavior.Stopping((TState)state, why, (ActorContext<TState, TMessage>)context);
}

internal sealed class ConnectionBinding<TState, TMessage>(ConnectionBehavior<TState, TMessage> behavior, CodeVersion version)
    : BehaviorBinding(behavior, version, typeof(TState), typeof(TMessage))
    where TState : notnull
    where TMessage : notnull
{
    public override TurnContext CreateContext(ActorCell cell) => new ConnectionTurnContext<TState, TMessage>(cell, Version);

    public override bool Accepts(object message) => message is TMessage;

    public override ValueTask<object> Started(object state, StartReason why, TurnContext context) =>
        Boxed(behavior.Started((TState)state, why, (ConnectionTurnContext<TState, TMessage>)context));

    public override ValueTask<object> Receive(object state, object message, TurnContext context) =>
        Boxed(behavior.Receive(Own<TState>(state), Accepted<TMessage>(message), Made<ConnectionTurnContext<TState, TMessage>>(context)));

    public override ValueTask<object> Terminated(object state, Terminated who, TurnContext context) =>
        Boxed(behavior.Terminated((TState)state, who, (ConnectionTurnContext<TState, TMessage>)context));

    public override ValueTask Stopping(object state, StopReason why, TurnContext context) =>
        behavior.Stopping((TState)state, why, (ConnectionTurnContext<TState, TMessage>)context);

    public override ValueTask<object> Frame(object state, ReadOnlyMemory<byte> frame, TurnContext context) =>
        Boxed(behavior.Frame(Own<TState>(state), frame, Made<ConnectionTurnContext<TState, TMessage>>(context)));

    public override ValueTask FramingFailed(object state, string error, TurnContext context) =>
        behavior.FramingFailed((TState)state, error, (ConnectionTurnContext<TState, TMessage>)context);
}
