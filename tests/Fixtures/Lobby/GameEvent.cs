using WatchReload.Actors;

namespace WatchReload.Fixtures.Lobby;

/// <summary>What a room tells those who play in it. Players and bots have messages of their own and adapt these.</summary>
public abstract record GameEvent
{
    private GameEvent()
    {
    }

    public sealed record Started(ActorRef<RoomMessage> Room) : GameEvent;

    public sealed record YourTurn(int Total) : GameEvent;

    public sealed record Moved(int By, int Total) : GameEvent;

    public sealed record Ended(bool Won, string Why) : GameEvent;
}
