using System.Diagnostics;
using System.Text;
using WatchReload.Actors;

namespace WatchReload.Fixtures.Lobby;

/// <summary>A client. Lines: <c>play</c>, <c>solo</c>, <c>rooms</c>, and in a game <c>1</c>, <c>2</c> or <c>3</c>.</summary>
public sealed class Player : ConnectionBehavior<PlayerState, PlayerMessage>, IAdapt<GameEvent, PlayerMessage>
{
    /// <summary>Longer than the lobby's own patience: it is for a lobby that does not answer at all.</summary>
    private static readonly TimeSpan Deadline = Lobby.Patience + TimeSpan.FromSeconds(5);

    public static PlayerMessage Adapt(GameEvent foreign) => new PlayerMessage.Game(foreign);

    public override ValueTask<PlayerState> Frame(PlayerState s, ReadOnlyMemory<byte> frame, Context self)
    {
        switch (Encoding.UTF8.GetString(frame.Span))
        {
            case "play" when s.Activity == Activity.Idle:
                return new(Play(s, againstBot: false, self));
            case "solo" when s.Activity == Activity.Idle:
                return new(Play(s, againstBot: true, self));
            case ['1' or '2' or '3'] digit when s.Room is { } room:
                room.Send(new RoomMessage.Move(self.Self.Id, digit[0] - '0'));
                break;
            case "rooms":
                var lobby = self.Find(Lobby.Name);
                self.Pipe(_ => lobby.Ask(new LobbyMessage.CountRooms(), Deadline).AsTask(), rooms => new PlayerMessage.Rooms(rooms), Failed);
                break;
            default:
                self.WriteLine("?");
                break;
        }

        return new(s);
    }

    public override ValueTask<PlayerState> Receive(PlayerState s, PlayerMessage m, Context self)
    {
        switch (m)
        {
            case PlayerMessage.Game { Event: GameEvent.Started started }:
                self.WriteLine("game");
                return new(s with { Activity = Activity.Playing, Room = started.Room });
            case PlayerMessage.Game { Event: GameEvent.YourTurn turn }:
                self.WriteLine($"turn {turn.Total}");
                break;
            case PlayerMessage.Game { Event: GameEvent.Moved moved }:
                self.WriteLine($"+{moved.By} = {moved.Total}");
                break;
            case PlayerMessage.Game { Event: GameEvent.Ended ended }:
                self.WriteLine($"{(ended.Won ? "won" : "lost")}: {ended.Why}");
                return new(s with { Activity = Activity.Idle, Room = null, Games = s.Games + 1 });
            case PlayerMessage.Rooms rooms:
                self.WriteLine($"rooms {rooms.Count}");
                break;
            case PlayerMessage.Paired { Outcome: Pairing.Nobody }:
                self.WriteLine("nobody");
                return new(s with { Activity = Activity.Idle });
            case PlayerMessage.Paired:
                break;
            case PlayerMessage.Failed failed:
                self.WriteLine($"? {failed.Why.Message}");
                return new(s.Room is null ? s with { Activity = Activity.Idle } : s);
            default:
                throw new UnreachableException();
        }

        return new(s);
    }

    private static PlayerState Play(PlayerState s, bool againstBot, Context self)
    {
        var lobby = self.Find(Lobby.Name);
        var play = new LobbyMessage.Play(self.SelfAs<Player, GameEvent>(), againstBot);
        self.Pipe(_ => lobby.Ask(play, Deadline).AsTask(), outcome => new PlayerMessage.Paired(outcome), Failed);
        return s with { Activity = Activity.Waiting };
    }

    private static PlayerMessage Failed(Failure why) => new PlayerMessage.Failed(why);
}
