using WatchReload.Actors;

namespace WatchReload.Fixtures.Lobby;

public abstract record RoomMessage
{
    private RoomMessage()
    {
    }

    public sealed record Sit(ActorRef<GameEvent> Player) : RoomMessage;

    public sealed record Move(ActorId Player, int Add) : RoomMessage;

    public sealed record TimeUp : RoomMessage;
}
