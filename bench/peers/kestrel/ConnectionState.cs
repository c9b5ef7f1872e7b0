namespace WatchReload.Bench.Kestrel;

/// <summary>What is remembered of one client.</summary>
internal sealed record ConnectionState(string? Name, int Pings)
{
    public static ConnectionState Unnamed => new(null, 0);
}
