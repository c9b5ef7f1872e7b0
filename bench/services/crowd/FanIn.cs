using WatchReload.Actors;

namespace WatchReload.Bench.Crowd;

/// <summary>Many that write to one. Each has at most 1,000 messages under way: the receiver gives it leave for as many again.</summary>
public sealed class FanIn : Behavior<FanState, FanMessage>
{
    private const int UnderWay = 1000;

    /// <summary>Starts receiver and senders; they go quiet when the rate is no longer measured.</summary>
    public static void Start(ConnectionBehavior<ControlState, ControlMessage>.Context self, int senders)
    {
        var receiver = self.Spawn<FanIn, FanState, FanMessage>(new FanState(default, 0));
        for (var i = 0; i < senders; i++)
            self.Spawn<FanIn, FanState, FanMessage>(new FanState(receiver, 0)).Send(new FanMessage.More());
    }

    public override ValueTask<FanState> Receive(FanState s, FanMessage m, Context self)
    {
        switch (m)
        {
            case FanMessage.Add add:
                return new(s with { Sum = s.Sum + add.Number });
            case FanMessage.Last last:
                Rate.Count(UnderWay);
                if (Rate.IsRunning) last.From.Send(new FanMessage.More());
                break;
            case FanMessage.More:
                for (var i = 1; i < UnderWay; i++) s.To.Send(new FanMessage.Add(i));
                s.To.Send(new FanMessage.Last(self.Self));
                break;
            default:
                break;
        }

        return new(s);
    }
}

/// <param name="To">The receiver, of senders.</param>
/// <param name="Sum">Of the receiver.</param>
public sealed record FanState(ActorRef<FanMessage> To, long Sum);

/// <summary>What senders and receiver are sent.</summary>
public abstract record FanMessage
{
    private FanMessage()
    {
    }

    public sealed record Add(int Number) : FanMessage;

    public sealed record Last(ActorRef<FanMessage> From) : FanMessage;

    public sealed record More : FanMessage;
}
