using WatchReload.Actors;

namespace WatchReload.Fixtures.KeyValue;

/// <summary>What a connection of either protocol is sent: the outcome of its one open question to the store.</summary>
public abstract record SessionMessage
{
    private SessionMessage()
    {
    }

    public sealed record Answered(StoreMessage Question, StoreReply Reply) : SessionMessage;

    public sealed record Failed(Failure Why) : SessionMessage;
}

/// <param name="Requests">How many were answered.</param>
public sealed record SessionState(long Requests);
