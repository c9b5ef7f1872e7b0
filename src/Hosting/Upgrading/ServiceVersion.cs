using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using WatchReload.Actors;
using WatchReload.Control;
using WatchReload.Hosting.Kernel;
using WatchReload.Hosting.Loading;
using WatchReload.Hosting.Tcp;
using WatchReload.Hosting.Upgrading.Declaring;
using WatchReload.Hosting.Upgrading.Mapping;

namespace WatchReload.Hosting.Upgrading;

/// <summary>One loaded version: its release, container, behaviors and declaration, and the mappings to its types.</summary>
internal sealed class ServiceVersion : CodeVersion, IListenerSource, IServiceVersion, IAsyncDisposable
{
    private readonly Dictionary<string, BehaviorBinding> _behaviors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (IFraming, int)> _listeners = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _retired = new();
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConditionalWeakTable<Type, StrongBox<bool>> _known = [];
    private readonly ConditionalWeakTable<Type, StrongBox<bool>> _mayDiffer = [];
    private readonly Lazy<MappingSet> _back;
    private readonly Lock _failing = new();
    private ServiceProvider? _services;

    public ServiceVersion(int number, LoadedRelease release, MappingDirection direction, SharedClaim shared) : base(number)
    {
        (Release, Shared) = (release, shared);
        StopsUnknown = direction == MappingDirection.Rollback;
        Retired = _retired.Token;
        var pairing = new TypePairing(release);
        Mapping = new MappingSet(pairing, direction);
        _back = new Lazy<MappingSet>(() => new MappingSet(pairing, MappingDirection.Rollback));
    }

    public LoadedRelease Release { get; }

    public ReleaseManifest Manifest => Release.Manifest;

    public MappingSet Mapping { get; }

    public SharedClaim Shared { get; }

    public Declaration Declaration { get; private set; } = new();

    /// <summary>For <see cref="IService.CodeChange"/>.</summary>
    public IService? Service { get; private set; }

    public CancellationToken Retired { get; }

    public override bool StopsUnknown { get; }

    /// <summary>Its hosted services that run.</summary>
    public VersionHosts Hosts { get; } = new();

    /// <summary>What of the version does not work although it serves, such as hosted services that did not start; each with its cause.</summary>
    public IReadOnlyList<string> Failed { get; private set; } = [];

    /// <summary>What of them goes on after their end.</summary>
    public HostedWork Hosted { get; } = new();

    /// <summary>Ends when all has returned that waits for <see cref="Retired"/>.</summary>
    public Task Told { get; set; } = Task.CompletedTask;

    /// <summary>When another version took its place.</summary>
    public DateTimeOffset? ReplacedAt { get; set; }

    /// <summary>Whether <see cref="Retire"/> was called.</summary>
    public override bool IsRetired => _retired.IsCancellationRequested;

    public override IServiceProvider Services => _services ?? throw new ObjectDisposedException(nameof(ServiceVersion));

    public IEnumerable<BehaviorBinding> Behaviors => _behaviors.Values;

    /// <summary>Completes when the version is retired and its last actor has changed over or stopped.</summary>
    public Task LastActor => _left.Task;

    /// <summary>Called once by the factory, when the container is built.</summary>
    public void Equip(IService service, Declaration declaration, ServiceProvider services, IEnumerable<BehaviorBinding> behaviors)
    {
        Service = service;
        Declaration = declaration;
        _services = services;
        foreach (var behavior in behaviors) _behaviors[behavior.Name] = behavior;
        foreach (var (name, listener) in declaration.Listeners) _listeners[name] = (listener.Framing!(services), listener.OutboundLimit);
    }

    /// <summary>More does not work.</summary>
    public void Fails(params IEnumerable<string> problems)
    {
        lock (_failing) Failed = [.. Failed, .. problems];
    }

    /// <summary>Tells background work that the version has been replaced. The task ends when the service's callbacks have.</summary>
    public Task Retire()
    {
        if (IsRetired) return Task.CompletedTask;
        var told = _retired.CancelAsync();
        if (Actors == 0) _left.TrySetResult();
        return told;
    }

    public async ValueTask DisposeAsync()
    {
        // The token's source is not: callbacks that are still to be called would be lost, and it holds nothing that needs it.
        if (Interlocked.Exchange(ref _services, null) is not { } services) return;
        var timers = HandlerTimers.Of(services);
        try
        {
            await services.DisposeAsync();
        }
        finally
        {
            timers.Stop();
        }
    }

    public override BehaviorBinding? FindBehavior(string name) => _behaviors.GetValueOrDefault(name);

    public override bool IsForeign(Type type) => TypePairing.IsForeign(Release, type);

    public override bool MayDiffer(Type type)
    {
        if (_mayDiffer.TryGetValue(type, out var known)) return known.Value;
        // What this version alone can have made holds nothing of another, whatever its type says: all that comes to its code is mapped before.
        var found = IsForeign(type) || (!Release.Brought(type) && !Mapping.IsIdentity(type));
        _mayDiffer.AddOrUpdate(type, new StrongBox<bool>(found));
        return found;
    }

    public override bool Knows(Type type) => _known.GetValue(type, one => new StrongBox<bool>(Mapping.Pairs.Counterpart(one) is not null)).Value;

    // A retired version is asked only for replies to those who still wait in its code: that is the way back.
    public override object Map(object value, Type? target = null) => (IsRetired ? _back.Value : Mapping).Map(value, target);

    public override StateMapper MapperOf(Type from, Type to) => new Mapper(Mapping.Of(from, to));

    public override FailureOptions FailureOptions(ActorRole role) => role.Kind switch
    {
        ActorKind.Named => Declaration.Actors.GetValueOrDefault(role.Name!)?.Failure ?? Kernel.FailureOptions.OfNamed,
        ActorKind.Connection => Declaration.Listeners.GetValueOrDefault(role.Name!)?.Failure ?? Kernel.FailureOptions.OfOthers,
        _ => Kernel.FailureOptions.OfOthers,
    };

    public override object FirstState(string name) => Declaration.Actors.TryGetValue(name, out var declared)
        ? declared.First() ?? throw new InvalidOperationException($"The first state of '{name}' is null.")
        : throw new InvalidOperationException($"Version {Number} does not declare the actor '{name}'.");

    public override BehaviorBinding? AcceptBehavior(string listener) =>
        Declaration.Listeners.TryGetValue(listener, out var declared) ? FindBehavior(BehaviorBinding.NameOf(declared.Behavior!)) : null;

    public override object FirstState(string listener, AcceptedConnection connection) => Declaration.Listeners.TryGetValue(listener, out var declared)
        ? declared.First!(connection) ?? throw new InvalidOperationException($"The first state of a connection of '{listener}' is null.")
        : throw new InvalidOperationException($"Version {Number} does not declare the listener '{listener}'.");

    public (IFraming Framing, int OutboundLimit)? Listener(string name) => _listeners.TryGetValue(name, out var listener) ? listener : null;

    protected override void LastActorLeft()
    {
        if (IsRetired) _left.TrySetResult();
    }

    private sealed class Mapper(TypeMapping mapping) : StateMapper
    {
        public override bool IsQuick => mapping.IsFlat && !mapping.RunsService;

        public override object Map(object state) => mapping.Map(state);
    }
}
