using System.Collections.Immutable;
using WatchReload.Actors;

namespace WatchReload.Fixtures.Lobby;

/// <param name="Players">One or two; the first begins.</param>
/// <param name="Turn">Whose turn it is, as an index of <paramref name="Players"/>.</param>
public sealed record RoomState(ImmutableArray<ActorRef<GameEvent>> Players, int Turn, int Total)
{
    public const int Goal = 21;

    public static RoomState Of(ImmutableArray<ActorRef<GameEvent>> players) => new(players, 0, 0);

    public int Other => 1 - Turn;

    public bool HasTurn(ActorId player) => Players.Length == 2 && Players[Turn].Id == player;
}
