using WatchReload.Actors;

namespace WatchReload.Bench.Crowd;

/// <summary>Two that write to each other, with one message under way.</summary>
public sealed class Pairs : Behavior<PairState, PairMessage>
{
    /// <summary>Starts the pair; it goes quiet when the rate is no longer measured.</summary>
    public static void Start(ConnectionBehavior<ControlState, ControlMessage>.Context self, int number)
    {
        var pong = self.Spawn<Pairs, PairState, PairMessage>(new PairState(number));
        var ping = self.Spawn<Pairs, PairState, PairMessage>(new PairState(number));
        ping.Send(new PairMessage.Pong(pong));
    }

    public override ValueTask<PairState> Receive(PairState s, PairMessage m, Context self)
    {
        if (m is PairMessage.Ping ping)
        {
            ping.From.Send(new PairMessage.Pong(self.Self));
        }
        else if (m is PairMessage.Pong pong && Rate.IsRunning)
        {
            Rate.Count(2);
            pong.From.Send(new PairMessage.Ping(self.Self));
        }

        return new(s);
    }
}

public sealed record PairState(int Number);

/// <summary>What one of a pair is sent.</summary>
public abstract record PairMessage
{
    private PairMessage()
    {
    }

    public sealed record Ping(ActorRef<PairMessage> From) : PairMessage;

    public sealed record Pong(ActorRef<PairMessage> From) : PairMessage;
}
