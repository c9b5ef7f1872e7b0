namespace WatchReload.Service;

/// <summary>What is remembered of one client.</summary>
/// <param name="Name">Null until <see cref="Index"/> has given it.</param>
/// <param name="Pings">How many pings were answered.</param>
public sealed record ConnectionState(string? Name, int Pings)
{
    public static ConnectionState Unnamed => new(null, 0);
}
