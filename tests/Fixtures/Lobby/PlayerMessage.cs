using WatchReload.Actors;

namespace WatchReload.Fixtures.Lobby;

public abstract record PlayerMessage
{
    private PlayerMessage()
    {
    }

    public sealed record Game(GameEvent Event) : PlayerMessage;

    public sealed record Paired(Pairing Outcome) : PlayerMessage;

    public sealed record Rooms(int Count) : PlayerMessage;

    public sealed record Failed(Failure Why) : PlayerMessage;
}
