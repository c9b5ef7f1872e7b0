using WatchReload.Actors;

namespace WatchReload.Fixtures.Lobby;

public abstract record LobbyMessage
{
    private LobbyMessage()
    {
    }

    /// <summary>Answered when there is a partner, or when nobody came.</summary>
    public sealed record Play(ActorRef<GameEvent> Player, bool AgainstBot) : LobbyMessage, IRequest<LobbyMessage, Pairing>;

    public sealed record NobodyCame : LobbyMessage;

    public sealed record CountRooms : LobbyMessage, IRequest<LobbyMessage, int>;
}

/// <summary>The answer to <see cref="LobbyMessage.Play"/>.</summary>
public enum Pairing
{
    Seated,
    Nobody,
}
