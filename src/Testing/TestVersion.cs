using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using WatchReload.Actors;
using WatchReload.Hosting.Kernel;

namespace WatchReload.Testing;

/// <summary>A version whose code is what the test project references. All versions of a test node have the same types: nothing is mapped.</summary>
internal sealed class TestVersion : CodeVersion, IServiceVersion, IAsyncDisposable
{
    private readonly TestBehaviors _behaviors;
    private readonly ServiceProvider _services;
    private readonly ConcurrentDictionary<string, Lazy<BehaviorBinding?>> _bindings = new();
    private readonly CancellationTokenSource _retired = new();

    /// <param name="services">What the container has besides the version itself.</param>
    public TestVersion(int number, TestBehaviors behaviors, IServiceCollection services) : base(number)
    {
        _behaviors = behaviors;
        _services = services.AddSingleton<IServiceVersion>(this).BuildServiceProvider();
    }

    public override IServiceProvider Services => _services;

    public CancellationToken Retired => _retired.Token;

    public override BehaviorBinding? FindBehavior(string name) => _bindings.GetOrAdd(
        name,
        name => new Lazy<BehaviorBinding?>(() => _behaviors.Create(name, _services) is { } behavior ? BehaviorBinding.Create(behavior, this) : null)).Value;

    public override bool IsForeign(Type type) => false;

    public override object Map(object value, Type? target = null) => value;

    public override StateMapper MapperOf(Type from, Type to) => AsItIs.Instance;

    public override FailureOptions FailureOptions(ActorRole role)
        => role.Kind == ActorKind.Named ? Hosting.Kernel.FailureOptions.OfNamed : Hosting.Kernel.FailureOptions.OfOthers;

    public override object FirstState(string name) => _behaviors.FirstStates[name];

    public override BehaviorBinding? AcceptBehavior(string listener) => null;

    public override object FirstState(string listener, AcceptedConnection connection)
        => throw new InvalidOperationException("Connections of a test node are given their first state.");

    public async ValueTask DisposeAsync()
    {
        await _retired.CancelAsync();
        _retired.Dispose();
        await _services.DisposeAsync();
    }

    private sealed class AsItIs : StateMapper
    {
        public static readonly AsItIs Instance = new();

        public override bool IsQuick => true;

        public override object Map(object state) => state;
    }
}
