using WatchReload.Actors;

namespace WatchReload.Hosting.Kernel;

/// <summary>What is current before the first load: version 0, with nothing in it.</summary>
internal sealed class NoVersion() : CodeVersion(0)
{
    public static readonly NoVersion Instance = new();

    public override IServiceProvider Services => throw Nothing();

    public override BehaviorBinding? FindBehavior(string name) => null;

    public override bool IsForeign(Type type) => false;

    public override object Map(object value, Type? target = null) => throw Nothing();

    public override FailureOptions FailureOptions(ActorRole role) => Kernel.FailureOptions.OfOthers;

    public override object FirstState(string name) => throw Nothing();

    public override BehaviorBinding? AcceptBehavior(string listener) => null;

    public override object FirstState(string listener, AcceptedConnection connection) => throw Nothing();

    private static InvalidOperationException Nothing() => new("No version is loaded yet.");
}
