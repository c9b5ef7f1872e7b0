using WatchReload.Actors;
using WatchReload.Testing;

namespace WatchReload.Service.Tests;

public sealed class LineTests
{
    [Fact(Timeout = 60_000)]
    public async Task Ping_is_answered_with_its_text_and_the_count()
    {
        await using var chat = new Chat();
        var client = await chat.Join("ada");
        client.Line("/ping a");
        client.Line("/ping a  b ");
        client.Line("/ping  ");
        Assert.Equal("pong a 1", await client.SentLine());
        Assert.Equal("pong a  b  2", await client.SentLine());
        Assert.Equal("pong   3", await client.SentLine());
        Assert.Equal(3, client.State.Pings);
    }

    [Fact(Timeout = 60_000)]
    public async Task Who_names_everyone_sorted()
    {
        await using var chat = new Chat();
        await chat.Join("cy");
        await chat.Join("ada");
        var client = await chat.Join("bob");
        client.Line("/who");
        Assert.Equal("who ada bob cy", await client.SentLine());
    }

    [Fact(Timeout = 60_000)]
    public async Task Version_is_that_of_the_code()
    {
        await using var chat = new Chat();
        var client = await chat.Join("ada");
        client.Line("/version");
        Assert.Equal($"version {ServiceVersion.Text}", await client.SentLine());
    }

    [Theory(Timeout = 60_000)]
    [InlineData("/")]
    [InlineData("/ping")]
    [InlineData("/ping ")]
    [InlineData("/pingpong")]
    [InlineData("/who ")]
    [InlineData("/WHO")]
    [InlineData("/dance")]
    public async Task Unknown_command_is_said_to_be_one(string line)
    {
        await using var chat = new Chat();
        var client = await chat.Join("ada");
        client.Line(line);
        Assert.Equal("? unknown command", await client.SentLine());
        Assert.Null(client.Stopped);
    }

    [Fact(Timeout = 60_000)]
    public async Task Text_goes_to_everyone_else()
    {
        await using var chat = new Chat();
        var ada = await chat.Join("ada");
        var bob = await chat.Join("bob");
        var unnamed = chat.Connect();
        ada.Line("hello there");
        ada.Line("");
        Assert.Equal("ada: hello there", await bob.SentLine());
        Assert.Equal("ada: ", await bob.SentLine());
        await ada.SentNothing();
        await unnamed.SentNothing();
    }

    [Fact(Timeout = 60_000)]
    public async Task Text_that_is_not_UTF8_goes_to_nobody()
    {
        await using var chat = new Chat();
        var ada = await chat.Join("ada");
        var bob = await chat.Join("bob");
        ada.Frame([0xc3, 0x28]);
        Assert.Equal("? not UTF-8", await ada.SentLine());
        await bob.SentNothing();
    }

    [Fact(Timeout = 60_000)]
    public async Task Last_words_reach_the_others_when_the_peer_closes_at_once()
    {
        await using var chat = new Chat();
        var bob = await chat.Join("bob");
        var ada = chat.Connect();
        ada.Line("ada");
        ada.Line("so long");
        ada.PeerCloses();
        Assert.Equal("ada: so long", await bob.SentLine());
        Assert.Equal(StopReason.PeerClosed, ada.Stopped);
    }

    [Fact(Timeout = 60_000)]
    public async Task Line_that_is_too_long_is_told_and_the_connection_closed()
    {
        await using var chat = new Chat();
        var client = await chat.Join("ada");
        client.Malformed("the line is longer than 4096 bytes");
        Assert.Equal("? line too long", await client.SentLine());
        Assert.NotNull(client.Stopped);
        Assert.Empty(chat.Index.State.ByName);
    }

    [Fact(Timeout = 60_000)]
    public async Task Answers_keep_the_order_of_the_lines()
    {
        await using var chat = new Chat();
        var client = chat.Connect();
        foreach (var line in (string[])["ada", "/ping 1", "/who", "/ping 2", "/who", "/version", "/quit", "/ping 3"]) client.Line(line);
        foreach (var answer in (string[])["hello ada", "pong 1 1", "who ada", "pong 2 2", "who ada", $"version {ServiceVersion.Text}", "bye"])
            Assert.Equal(answer, await client.SentLine());
        await client.SentNothing();
    }

    [Fact(Timeout = 60_000)]
    public async Task All_answers_reach_a_peer_that_has_closed_its_sending_side()
    {
        await using var chat = new Chat();
        var client = chat.Connect();
        client.Line("ada");
        client.Line("/who");
        client.PeerCloses();
        Assert.Equal("hello ada", await client.SentLine());
        Assert.Equal("who ada", await client.SentLine());
        Assert.Equal(StopReason.PeerClosed, client.Stopped);
    }

    [Fact(Timeout = 60_000)]
    public async Task Connection_is_closed_when_the_index_does_not_answer()
    {
        await using var node = new TestNode();
        node.Probe(Names.Index);
        var client = node.Connect<Connection, ConnectionState, ConnectionMessage>(ConnectionState.Unnamed);
        client.Line("ada");
        await node.Advance(TimeSpan.FromSeconds(9));
        await client.SentNothing();
        await node.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("? no answer", await client.SentLine());
        Assert.Equal(StopReason.Requested, client.Stopped);
    }

    [Fact(Timeout = 60_000)]
    public async Task Connection_that_was_answered_stays()
    {
        await using var chat = new Chat();
        var client = await chat.Join("ada");
        await chat.Node.Advance(TimeSpan.FromMinutes(1));
        await client.SentNothing();
        Assert.Null(client.Stopped);
    }
}
