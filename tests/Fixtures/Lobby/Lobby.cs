using System.Collections.Immutable;
using System.Diagnostics;
using WatchReload.Actors;

namespace WatchReload.Fixtures.Lobby;

/// <summary>Pairs players and counts the games that are played.</summary>
public sealed class Lobby : Behavior<LobbyState, LobbyMessage>
{
    public static readonly ActorName<LobbyMessage> Name = new("lobby");
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public override ValueTask<LobbyState> Receive(LobbyState s, LobbyMessage m, Context self) => new(m switch
    {
        LobbyMessage.Play { AgainstBot: true } play => Open(s, [play.Player], self, self.ReplyLater(play)),
        LobbyMessage.Play play when s.Waiting is null => Wait(s, play, self),
        LobbyMessage.Play play => Pair(s, s.Waiting, play, self),
        LobbyMessage.NobodyCame => GiveUp(s),
        LobbyMessage.CountRooms count => Count(s, count, self),
        _ => throw new UnreachableException(),
    });

    public override ValueTask<LobbyState> Terminated(LobbyState s, Terminated who, Context self) => new(
        s.Waiting?.Player.Id == who.Actor ? s with { Waiting = null } : s with { Rooms = s.Rooms.Remove(who.Actor) });

    /// <summary>The right to answer waits in the state, over reloads too.</summary>
    private static LobbyState Wait(LobbyState s, LobbyMessage.Play play, Context self)
    {
        self.Watch(play.Player.Id);
        self.After("patience", Patience, new LobbyMessage.NobodyCame());
        return s with { Waiting = new Waiting(play.Player, self.ReplyLater(play)) };
    }

    private static LobbyState GiveUp(LobbyState s)
    {
        s.Waiting?.Answer.Send(Pairing.Nobody);
        return s with { Waiting = null };
    }

    private static LobbyState Pair(LobbyState s, Waiting first, LobbyMessage.Play second, Context self)
    {
        self.Unwatch(first.Player.Id);
        self.Cancel("patience");
        return Open(s with { Waiting = null }, [first.Player, second.Player], self, first.Answer, self.ReplyLater(second));
    }

    private static LobbyState Open(LobbyState s, ImmutableArray<ActorRef<GameEvent>> players, Context self, params ReadOnlySpan<ReplyTo<Pairing>> answers)
    {
        var room = self.Spawn<Room, RoomState, RoomMessage>(RoomState.Of(players));
        self.Watch(room.Id);
        foreach (var answer in answers) answer.Send(Pairing.Seated);
        return s with { Rooms = s.Rooms.Add(room.Id) };
    }

    private static LobbyState Count(LobbyState s, LobbyMessage.CountRooms count, Context self)
    {
        self.Reply(count, s.Rooms.Count);
        return s;
    }
}
