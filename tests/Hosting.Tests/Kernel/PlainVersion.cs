using Microsoft.Extensions.DependencyInjection;
using WatchReload.Actors;
using WatchReload.Hosting.Kernel;
using WatchReload.Hosting.Tcp;

namespace WatchReload.Hosting.Tests.Kernel;

/// <summary>A version without an assembly: what it is to the kernel, set by the test.</summary>
internal sealed class PlainVersion : CodeVersion, IListenerSource
{
    private readonly Dictionary<string, BehaviorBinding> _behaviors;

    public PlainVersion(int number, params object[] behaviors) : this(number, version => behaviors.Length == 0 ? [new Scripted(version)] : behaviors)
    {
    }

    public PlainVersion(int number, Func<PlainVersion, object[]> behaviors) : base(number) =>
        _behaviors = behaviors(this).Select(b => BehaviorBinding.Create(b, this)).ToDictionary(b => b.Name);

    public FailureOptions Failure { get; init; } = Hosting.Kernel.FailureOptions.OfOthers;

    public Func<Type, bool> Foreign { get; init; } = static _ => false;

    public Func<object, object> Mapped { get; init; } = static value => value;

    public Action<IServiceCollection> Configure { get; init; } = static _ => { };

    public bool Older { get; init; }

    /// <summary>Who is told of the turns of <see cref="Scripted"/> actors in this version.</summary>
    public TurnLog? Turns { get; set; }

    /// <summary>What <see cref="Scripted"/> actors do when one that they watch has ended.</summary>
    public Action ToldOfEnd { get; init; } = static () => { };

    /// <summary>What happens when an actor has joined it, before that does anything else.</summary>
    public Action? Joined { get; set; }

    /// <summary>What happens when the last actor has left it.</summary>
    public Action? LeftByAll { get; set; }

    public override bool StopsUnknown => Older;

    public ListenerDeclaration? Declared { get; init; }

    public Trace Restarted { get; } = new();

    /// <summary>What its listeners accept; null: it declares none.</summary>
    public Type? Accepts { get; init; } = typeof(ScriptedConnection);

    /// <summary>The first state of what they accept.</summary>
    public Func<object>? First { get; init; }

    public override IServiceProvider Services
    {
        get
        {
            if (field is not null) return field;
            var services = new ServiceCollection();
            Configure(services);
            return field = services.BuildServiceProvider();
        }
    }

    public void TurnStarts() => Turns?.Starts(Number);

    public override void ActorJoined()
    {
        base.ActorJoined();
        Joined?.Invoke();
    }

    protected override void LastActorLeft()
    {
        LeftByAll?.Invoke();
        base.LastActorLeft();
    }

    public override BehaviorBinding? FindBehavior(string name) => _behaviors.GetValueOrDefault(name);

    public override bool IsForeign(Type type) => Foreign(type);

    public override object Map(object value, Type? target = null) => Mapped(value);

    public override FailureOptions FailureOptions(ActorRole role) => Failure;

    public override object FirstState(string name) => Restarted;

    public override BehaviorBinding? AcceptBehavior(string listener) => Accepts is { } behavior ? FindBehavior(BehaviorBinding.NameOf(behavior)) : null;

    public override object FirstState(string listener, AcceptedConnection connection) => Accepts is null ? throw new InvalidOperationException("No such listener.") : First?.Invoke() ?? Restarted;

    public (IFraming Framing, int OutboundLimit)? Listener(string name) => Declared is { } declared ? (declared.Framing!(Services), declared.OutboundLimit) : null;
}
