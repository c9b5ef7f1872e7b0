using WatchReload.Actors;

namespace WatchReload.Service;

/// <summary>What <see cref="Index"/> is sent. Those with a <c>From</c> come from a connection.</summary>
public abstract record IndexMessage
{
    private IndexMessage()
    {
    }

    /// <summary>Answered by <see cref="ConnectionMessage.Joined"/> or <see cref="ConnectionMessage.Taken"/>.</summary>
    public sealed record Join(ActorRef<ConnectionMessage> From, string Name) : IndexMessage;

    /// <summary>Answered by <see cref="ConnectionMessage.Left"/>, when the name is free.</summary>
    public sealed record Leave(ActorRef<ConnectionMessage> From) : IndexMessage;

    /// <summary>Answered by <see cref="ConnectionMessage.Present"/>.</summary>
    public sealed record Who(ActorRef<ConnectionMessage> From) : IndexMessage;

    /// <summary>Passed on to everyone else as <see cref="ConnectionMessage.Said"/>, also when the sender is gone by then.</summary>
    public sealed record Say(ActorRef<ConnectionMessage> From, string Name, string Text) : IndexMessage;

    /// <summary>Passed on to everyone as <see cref="ConnectionMessage.CodeChanged"/>.</summary>
    public sealed record CodeChanged(int FromVersion, int ToVersion) : IndexMessage;
}
