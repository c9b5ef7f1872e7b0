using System.Diagnostics;
using WatchReload.Actors;

namespace WatchReload.Fixtures.Lobby;

/// <summary>One game. It ends with a winner, when a player takes too long, or when a player has gone.</summary>
public sealed class Room : Behavior<RoomState, RoomMessage>
{
    public static readonly TimeSpan TurnLimit = TimeSpan.FromSeconds(10);

    public override ValueTask<RoomState> Started(RoomState s, StartReason why, Context self)
    {
        if (why != StartReason.New) return new(s);
        foreach (var player in s.Players)
        {
            self.Watch(player.Id);
            player.Send(new GameEvent.Started(self.Self));
        }

        // A bot sits down by itself. It is linked: it goes with the room, and the room with it.
        if (s.Players.Length == 1) self.Spawn<Bot, BotState, BotMessage>(new BotState(self.Self), link: true);
        return new(s.Players.Length == 2 ? Ask(s, self) : s);
    }

    public override ValueTask<RoomState> Receive(RoomState s, RoomMessage m, Context self) => new(m switch
    {
        RoomMessage.Sit sit => Ask(s with { Players = s.Players.Add(sit.Player) }, self),
        RoomMessage.Move move when s.HasTurn(move.Player) && move.Add is >= 1 and <= 3 => Move(s, move.Add, self),
        RoomMessage.Move => s,
        RoomMessage.TimeUp => End(s, winner: s.Other, "time is up", self),
        _ => throw new UnreachableException(),
    });

    public override ValueTask<RoomState> Terminated(RoomState s, Terminated who, Context self)
        => new(End(s, winner: s.Players[0].Id == who.Actor ? 1 : 0, "the other one left", self));

    public override ValueTask Stopping(RoomState s, StopReason why, Context self)
    {
        if (why != StopReason.Requested) Tell(s, new GameEvent.Ended(Won: false, "the game was broken off"));
        return default;
    }

    private static RoomState Move(RoomState s, int add, Context self)
    {
        s = s with { Total = s.Total + add };
        Tell(s, new GameEvent.Moved(add, s.Total));
        return s.Total >= RoomState.Goal ? End(s, winner: s.Turn, $"{RoomState.Goal} is reached", self) : Ask(s with { Turn = s.Other }, self);
    }

    private static RoomState Ask(RoomState s, Context self)
    {
        s.Players[s.Turn].Send(new GameEvent.YourTurn(s.Total));
        self.After("turn", TurnLimit, new RoomMessage.TimeUp());
        return s;
    }

    private static RoomState End(RoomState s, int winner, string why, Context self)
    {
        for (var player = 0; player < s.Players.Length; player++) s.Players[player].Send(new GameEvent.Ended(player == winner, why));
        self.Stop();
        return s;
    }

    private static void Tell(RoomState s, GameEvent what)
    {
        foreach (var player in s.Players) player.Send(what);
    }
}
