namespace WatchReload.Control;

/// <summary>Who is at the other end of a connection, as the system says it; not as the peer does.</summary>
/// <param name="UserId">The user id that its process had when it connected.</param>
/// <param name="Name">That user's name; <c>uid 1234</c> where the system knows none.</param>
public sealed record Peer(long UserId, string Name);
