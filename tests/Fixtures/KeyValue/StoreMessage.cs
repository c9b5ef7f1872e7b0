using WatchReload.Actors;

namespace WatchReload.Fixtures.KeyValue;

public abstract record StoreMessage : IRequest<StoreMessage, StoreReply>
{
    private StoreMessage()
    {
    }

    public sealed record Get(string Key) : StoreMessage;

    public sealed record Put(string Key, byte[] Value, TimeSpan? TimeToLive = null) : StoreMessage;

    public sealed record Delete(string Key) : StoreMessage;

    /// <summary>From the store's own timer; not answered.</summary>
    public sealed record Expire(string Key) : StoreMessage;
}

/// <param name="Found">Whether the key was there; always so for a put.</param>
/// <param name="Value">What a get found.</param>
public sealed record StoreReply(bool Found, byte[]? Value)
{
    public static StoreReply Done => new(true, null);

    public static StoreReply Absent => new(false, null);
}
