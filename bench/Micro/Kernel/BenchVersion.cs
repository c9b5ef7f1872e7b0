using Microsoft.Extensions.DependencyInjection;
using WatchReload.Actors;
using WatchReload.Hosting.Kernel;

namespace WatchReload.Bench.Micro.Kernel;

/// <summary>A version without an assembly of its own, with one behavior.</summary>
internal sealed class BenchVersion : CodeVersion
{
    private readonly BehaviorBinding _binding;

    public BenchVersion(object behavior) : base(1) => _binding = BehaviorBinding.Create(behavior, this);

    public override IServiceProvider Services { get; } = new ServiceCollection().BuildServiceProvider();

    public override BehaviorBinding? FindBehavior(string name) => name == _binding.Name ? _binding : null;

    public override bool IsForeign(Type type) => false;

    public override object Map(object value, Type? target = null) => value;

    public override FailureOptions FailureOptions(ActorRole role) => Hosting.Kernel.FailureOptions.OfOthers;

    public override object FirstState(string name) => throw new InvalidOperationException("No named actors here.");

    public override BehaviorBinding? AcceptBehavior(string listener) => null;

    public override object FirstState(string listener, AcceptedConnection connection) => throw new InvalidOperationException("No connections here.");
}
