using WatchReload.Actors;

namespace WatchReload.Hosting.Kernel;

/// <summary>What a stopped actor is bound to: the name of its behavior, and nothing of a version.</summary>
internal sealed class StoppedBinding(string name) : BehaviorBinding(name)
{
    public override TurnContext CreateContext(ActorCell cell) => throw Stopped();

    public override bool Accepts(object message) => false;

    public override ValueTask<object> Started(object state, StartReason why, TurnContext context) => throw Stopped();

    public override ValueTask<object> Receive(object state, object message, TurnContext context) => throw Stopped();

    public override ValueTask<object> Terminated(object state, Terminated who, TurnContext context) => throw Stopped();

    public override ValueTask Stopping(object state, StopReason why, TurnContext context) => throw Stopped();

    protected override void RecordSent(Type type)
    {
    }

    private InvalidOperationException Stopped() => new($"An actor of {Name} has stopped and runs no turns.");
}
