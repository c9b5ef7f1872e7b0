using WatchReload.Actors;

namespace WatchReload.Fixtures.Lobby;

public enum Activity
{
    Idle,
    Waiting,
    Playing,
}

/// <param name="Room">Where the player plays.</param>
/// <param name="Games">How many games have ended.</param>
public sealed record PlayerState(Activity Activity, ActorRef<RoomMessage>? Room, int Games)
{
    public static PlayerState Idle => new(Activity.Idle, null, 0);
}
