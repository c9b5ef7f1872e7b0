using Microsoft.Extensions.DependencyInjection;
using WatchReload.Fixtures.Lobby;

namespace WatchReload.Testing.Tests.Fixtures;

public sealed class LobbyTests
{
    [Fact(Timeout = 60_000)]
    public async Task Two_who_want_to_play_get_a_room()
    {
        await using var node = NewLobby();
        var (first, second) = (Connect(node), Connect(node));
        first.Line("play");
        await first.SentNothing();
        second.Line("play");
        Assert.Equal("game", await first.SentLine());
        Assert.Equal("turn 0", await first.SentLine());
        Assert.Equal("game", await second.SentLine());
        await second.SentNothing();
        Assert.Equal("1", await Rooms(second));
    }

    [Fact(Timeout = 60_000)]
    public async Task Game_is_played_in_turns_to_its_end()
    {
        await using var node = NewLobby();
        var (first, second) = await Pair(node);
        second.Line("3");
        await second.SentNothing();
        var players = (TestConnection<PlayerState, PlayerMessage>[])[first, second];
        for (var total = 3; total < RoomState.Goal; total += 3)
        {
            var (mover, other) = (players[(total / 3 - 1) % 2], players[total / 3 % 2]);
            mover.Line("3");
            Assert.Equal($"+3 = {total}", await mover.SentLine());
            Assert.Equal($"+3 = {total}", await other.SentLine());
            Assert.Equal($"turn {total}", await other.SentLine());
        }

        first.Line("3");
        Assert.Equal("+3 = 21", await first.SentLine());
        Assert.Equal("won: 21 is reached", await first.SentLine());
        Assert.Equal("+3 = 21", await second.SentLine());
        Assert.Equal("lost: 21 is reached", await second.SentLine());
        Assert.Equal(0, node.Count<Room>());
        Assert.Equal("0", await Rooms(first));
        Assert.Equal(new PlayerState(Activity.Idle, null, 1), second.State);
    }

    [Fact(Timeout = 60_000)]
    public async Task Player_who_takes_too_long_loses()
    {
        await using var node = NewLobby();
        var (first, second) = await Pair(node);
        await node.Advance(Room.TurnLimit - TimeSpan.FromSeconds(1));
        first.Line("1");
        Assert.Equal("+1 = 1", await first.SentLine());
        Assert.Equal("+1 = 1", await second.SentLine());
        Assert.Equal("turn 1", await second.SentLine());
        await node.Advance(Room.TurnLimit);
        Assert.Equal("won: time is up", await first.SentLine());
        Assert.Equal("lost: time is up", await second.SentLine());
    }

    [Fact(Timeout = 60_000)]
    public async Task Player_whose_partner_leaves_wins()
    {
        await using var node = NewLobby();
        var (first, second) = await Pair(node);
        first.PeerAborts();
        Assert.Equal("won: the other one left", await second.SentLine());
        Assert.Equal("0", await Rooms(second));
    }

    [Fact(Timeout = 60_000)]
    public async Task Player_is_told_when_nobody_comes()
    {
        await using var node = NewLobby();
        var (early, late) = (Connect(node), Connect(node));
        early.Line("play");
        await node.Advance(Lobby.Patience);
        Assert.Equal("nobody", await early.SentLine());
        late.Line("play");
        await late.SentNothing();
    }

    [Fact(Timeout = 60_000)]
    public async Task Player_who_left_is_not_paired()
    {
        await using var node = NewLobby();
        var (gone, other) = (Connect(node), Connect(node));
        gone.Line("play");
        await gone.SentNothing();
        gone.PeerCloses();
        await node.Quiet();
        other.Line("play");
        await other.SentNothing();
    }

    [Fact(Timeout = 60_000)]
    public async Task Bot_plays_and_goes_with_its_room()
    {
        await using var node = NewLobby();
        var player = Connect(node);
        player.Line("solo");
        Assert.Equal("game", await player.SentLine());
        Assert.Equal("turn 0", await player.SentLine());
        player.Line("2");
        foreach (var line in (string[])["+2 = 2", "+3 = 5", "turn 5"]) Assert.Equal(line, await player.SentLine());
        Assert.Equal(1, node.Count<Bot>());
        player.PeerCloses();
        await node.Quiet();
        Assert.Equal((0, 0), (node.Count<Bot>(), node.Count<Room>()));
    }

    [Fact(Timeout = 60_000)]
    public async Task Wait_for_a_partner_and_the_time_limit_of_a_turn_go_on_over_a_code_change()
    {
        await using var node = NewLobby();
        var (first, second) = (Connect(node), Connect(node));
        first.Line("play");
        await node.ChangeCode();
        second.Line("play");
        Assert.Equal("game", await first.SentLine());
        Assert.Equal("turn 0", await first.SentLine());
        Assert.Equal("game", await second.SentLine());
        await node.Advance(TimeSpan.FromSeconds(5));
        await node.ChangeCode();
        await node.Advance(Room.TurnLimit - TimeSpan.FromSeconds(5));
        Assert.Equal("lost: time is up", await first.SentLine());
        Assert.Empty(node.Failures);
    }

    private static TestNode NewLobby()
    {
        var node = new TestNode(services => services.AddSingleton<IStrategy, ModuloStrategy>());
        node.Spawn<Lobby, LobbyState, LobbyMessage>(LobbyState.Empty, Lobby.Name);
        return node;
    }

    private static TestConnection<PlayerState, PlayerMessage> Connect(TestNode node) => node.Connect<Player, PlayerState, PlayerMessage>(PlayerState.Idle);

    /// <summary>Two players at the start of their game; the first has the turn.</summary>
    private static async Task<(TestConnection<PlayerState, PlayerMessage> First, TestConnection<PlayerState, PlayerMessage> Second)> Pair(TestNode node)
    {
        var (first, second) = (Connect(node), Connect(node));
        first.Line("play");
        await first.SentNothing();
        second.Line("play");
        Assert.Equal("game", await first.SentLine());
        Assert.Equal("turn 0", await first.SentLine());
        Assert.Equal("game", await second.SentLine());
        return (first, second);
    }

    private static async Task<string> Rooms(TestConnection<PlayerState, PlayerMessage> player)
    {
        player.Line("rooms");
        return (await player.SentLine())["rooms ".Length..];
    }
}
