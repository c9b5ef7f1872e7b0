using Microsoft.Extensions.DependencyInjection;
using WatchReload.Actors;

namespace WatchReload.Fixtures.Lobby;

/// <summary>
/// A game over TCP for two: in turn each adds 1, 2 or 3 to a total; who reaches <see cref="RoomState.Goal"/> wins. The lobby pairs players,
/// each game is a room (an actor that the lobby spawns), and a player without a partner may play against a bot.
/// </summary>
public sealed class LobbyService : IService
{
    public void Configure(IServiceBuilder service)
    {
        service.Services.AddSingleton<IStrategy, ModuloStrategy>();
        service.Actor<Lobby, LobbyState, LobbyMessage>(Lobby.Name, () => LobbyState.Empty);
        service.Listen("lobby", service.Configuration["Lobby:Endpoint"] ?? "127.0.0.1:7001")
            .Lines(maxLength: 256)
            .Accept<Player, PlayerState, PlayerMessage>(_ => PlayerState.Idle);
    }
}
