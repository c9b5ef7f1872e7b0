using WatchReload.Actors;

namespace WatchReload.Bounds.Tests;

/// <summary>What <see cref="Counter"/> is sent. The messages are made once: only what the node allocates is to be counted.</summary>
internal abstract record CounterMessage
{
    public sealed record Add(int N) : CounterMessage;

    public sealed record Total : CounterMessage, IRequest<CounterMessage, int>;

    /// <summary>Whoever has it plays it to the other side.</summary>
    public sealed record Ball(Side From) : CounterMessage;
}

/// <summary>One side of a rally between two actors.</summary>
internal sealed class Side
{
    public Side(ActorRef<CounterMessage> opponent)
    {
        Opponent = opponent;
        Ball = new CounterMessage.Ball(this);
    }

    public ActorRef<CounterMessage> Opponent { get; }

    public CounterMessage.Ball Ball { get; }

    /// <summary>The opponent's side.</summary>
    public Side? Other { get; set; }

    /// <summary>How often the opponent plays it back before the rally ends.</summary>
    public int Left { get; set; }
}

internal sealed class CounterState
{
    public long Sum { get; set; }
}

/// <summary>Changes its state in place: no turn allocates anything of its own.</summary>
internal sealed class Counter : Behavior<CounterState, CounterMessage>
{
    public override ValueTask<CounterState> Receive(CounterState s, CounterMessage m, Context self)
    {
        switch (m)
        {
            case CounterMessage.Add add:
                s.Sum += add.N;
                break;
            case CounterMessage.Total total:
                self.Reply(total, (int)s.Sum);
                break;
            case CounterMessage.Ball { From: { Left: > 0, Other: { } mine } from }:
                from.Left--;
                mine.Opponent.Send(mine.Ball);
                break;
        }

        return new(s);
    }
}
