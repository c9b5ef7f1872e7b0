namespace WatchReload.Fixtures.Lobby;

public interface IStrategy
{
    /// <summary>1, 2 or 3.</summary>
    Task<int> Choose(int total, CancellationToken stop);
}

/// <summary>Goes for totals that are one above a multiple of four, from which the other one cannot win.</summary>
public sealed class ModuloStrategy : IStrategy
{
    public Task<int> Choose(int total, CancellationToken stop) => Task.FromResult(Math.Max(1, (RoomState.Goal - total) % 4));
}
