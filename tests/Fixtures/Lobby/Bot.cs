using System.Diagnostics;
using WatchReload.Actors;

namespace WatchReload.Fixtures.Lobby;

/// <summary>Plays by an <see cref="IStrategy"/> that may take its time: it thinks outside turns.</summary>
public sealed class Bot(IStrategy strategy) : Behavior<BotState, BotMessage>, IAdapt<GameEvent, BotMessage>
{
    public static BotMessage Adapt(GameEvent foreign) => new BotMessage.Game(foreign);

    public override ValueTask<BotState> Started(BotState s, StartReason why, Context self)
    {
        if (why == StartReason.New) s.Room.Send(new RoomMessage.Sit(self.SelfAs<Bot, GameEvent>()));
        return new(s);
    }

    public override ValueTask<BotState> Receive(BotState s, BotMessage m, Context self)
    {
        switch (m)
        {
            case BotMessage.Game { Event: GameEvent.YourTurn turn }:
                self.Pipe(stop => strategy.Choose(turn.Total, stop), add => new BotMessage.Chosen(add), _ => new BotMessage.Chosen(1));
                break;
            case BotMessage.Chosen chosen:
                s.Room.Send(new RoomMessage.Move(self.Self.Id, chosen.Add));
                break;
            case BotMessage.Game:
                break;
            default:
                throw new UnreachableException();
        }

        return new(s);
    }
}

public sealed record BotState(ActorRef<RoomMessage> Room);

public abstract record BotMessage
{
    private BotMessage()
    {
    }

    public sealed record Game(GameEvent Event) : BotMessage;

    public sealed record Chosen(int Add) : BotMessage;
}
