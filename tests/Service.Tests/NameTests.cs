using System.Text;
using WatchReload.Actors;
using WatchReload.Testing;

namespace WatchReload.Service.Tests;

public sealed class NameTests
{
    [Fact(Timeout = 60_000)]
    public async Task First_line_is_the_name()
    {
        await using var chat = new Chat();
        var client = await chat.Join("ada");
        Assert.Equal(new ConnectionState("ada", 0), client.State);
        Assert.Equal(["ada"], chat.Index.State.ByName.Keys);
    }

    [Fact(Timeout = 60_000)]
    public async Task Name_in_use_is_refused_and_the_connection_closed()
    {
        await using var chat = new Chat();
        await chat.Join("ada");
        var second = chat.Connect();
        second.Line("ada");
        Assert.Equal("taken ada", await second.SentLine());
        Assert.Equal(StopReason.Requested, second.Stopped);
        Assert.Equal(["ada"], chat.Index.State.ByName.Keys);
    }

    [Fact(Timeout = 60_000)]
    public async Task Names_that_differ_in_case_are_two()
    {
        await using var chat = new Chat();
        await chat.Join("ada");
        var other = await chat.Join("Ada");
        other.Line("/who");
        Assert.Equal("who Ada ada", await other.SentLine());
    }

    [Theory(Timeout = 60_000)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("ada lovelace")]
    [InlineData("ada\t")]
    [InlineData("ada\u00a0")]
    [InlineData("/who")]
    [InlineData("/")]
    public async Task Name_that_cannot_be_one_is_refused_and_the_connection_closed(string name)
    {
        await using var chat = new Chat();
        var client = chat.Connect();
        client.Line(name);
        Assert.Equal("? bad name", await client.SentLine());
        Assert.Equal(StopReason.Requested, client.Stopped);
        Assert.Empty(chat.Index.State.ByName);
    }

    [Fact(Timeout = 60_000)]
    public async Task Name_that_is_not_UTF8_is_refused()
    {
        await using var chat = new Chat();
        var client = chat.Connect();
        client.Frame([0x61, 0xff]);
        Assert.Equal("? bad name", await client.SentLine());
    }

    [Fact(Timeout = 60_000)]
    public async Task Name_is_UTF8()
    {
        await using var chat = new Chat();
        var client = chat.Connect();
        client.Frame("Zoë"u8);
        Assert.Equal("hello Zoë", Encoding.UTF8.GetString(await client.Sent()));
    }

    [Fact(Timeout = 60_000)]
    public async Task Name_is_free_before_bye()
    {
        await using var chat = new Chat();
        var first = await chat.Join("ada");
        first.Line("/quit");
        Assert.Equal("bye", await first.SentLine());
        Assert.Equal(StopReason.Requested, first.Stopped);
        await chat.Join("ada");
    }

    [Fact(Timeout = 60_000)]
    public async Task Bye_waits_for_the_index_to_free_the_name()
    {
        await using var node = new TestNode();
        var index = node.Probe(Names.Index);
        var client = node.Connect<Connection, ConnectionState, ConnectionMessage>(new ConnectionState("ada", 0));
        client.Line("/quit");
        await index.Expect<IndexMessage.Leave>();
        await client.SentNothing();
        client.Ref.Send(new ConnectionMessage.Left());
        Assert.Equal("bye", await client.SentLine());
    }

    [Fact(Timeout = 60_000)]
    public async Task Name_is_free_when_the_connection_is_lost()
    {
        await using var chat = new Chat();
        var client = await chat.Join("ada");
        client.PeerAborts();
        await chat.Node.Quiet();
        Assert.Equal(StopReason.PeerAborted, client.Stopped);
        Assert.Empty(chat.Index.State.ByName);
        Assert.Empty(chat.Index.State.NameOf);
    }

    [Fact(Timeout = 60_000)]
    public async Task Name_is_free_when_the_connection_is_lost_before_the_answer()
    {
        await using var chat = new Chat();
        var client = chat.Connect();
        client.Line("ada");
        client.PeerAborts();
        await chat.Node.Quiet();
        Assert.Empty(chat.Index.State.ByName);
    }
}
