using System.Diagnostics;
using WatchReload.Actors;

namespace WatchReload.Fixtures.KeyValue;

/// <summary>Keeps the values. A value may have a time to live: a timer of the node, named after its key.</summary>
public sealed class Store : Behavior<StoreState, StoreMessage>
{
    public static readonly ActorName<StoreMessage> Name = new("store");

    public override ValueTask<StoreState> Receive(StoreState s, StoreMessage m, Context self)
    {
        switch (m)
        {
            case StoreMessage.Get get:
                self.Reply(get, s.Values.TryGetValue(get.Key, out var value) ? new StoreReply(true, value) : StoreReply.Absent);
                break;
            case StoreMessage.Put put:
                s.Values[put.Key] = put.Value;
                if (put.TimeToLive is { } time) self.After(put.Key, time, new StoreMessage.Expire(put.Key));
                else self.Cancel(put.Key);
                self.Reply(put, StoreReply.Done);
                break;
            case StoreMessage.Delete delete:
                self.Cancel(delete.Key);
                self.Reply(delete, s.Values.Remove(delete.Key) ? StoreReply.Done : StoreReply.Absent);
                break;
            case StoreMessage.Expire expire:
                s.Values.Remove(expire.Key);
                break;
            default:
                throw new UnreachableException();
        }

        return new(s);
    }
}
