using System.Collections.Immutable;
using WatchReload.Actors;

namespace WatchReload.Fixtures.Lobby;

/// <param name="Waiting">Who waits for a partner.</param>
/// <param name="Rooms">The rooms that are open.</param>
public sealed record LobbyState(Waiting? Waiting, ImmutableHashSet<ActorId> Rooms)
{
    public static LobbyState Empty => new(null, []);
}

public sealed record Waiting(ActorRef<GameEvent> Player, ReplyTo<Pairing> Answer);
