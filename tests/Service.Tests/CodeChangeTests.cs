using WatchReload.Actors;
using WatchReload.Testing;

namespace WatchReload.Service.Tests;

public sealed class CodeChangeTests
{
    [Fact(Timeout = 60_000)]
    public async Task Service_index_and_every_named_connection_log_one_line_each()
    {
        await using var chat = new Chat();
        await chat.Join("ada");
        await chat.Join("bob");
        chat.Connect();

        await chat.Node.ChangeCode();
        await new ChatService().CodeChange(new CodeChangeContext(1, 2, Rollback: false, chat.Node, chat.Node.Services, TestContext.Current.CancellationToken));
        await chat.Node.Quiet();

        Assert.Equal(
            [
                "ChatService: Code change: the service went from version 1 to version 2.",
                "Index: Code change: the index went from version 1 to version 2 and tells 2 connections.",
            ],
            chat.Log.All.Take(2));
        Assert.Equal(
            [
                "Connection: Code change: the connection of ada went from version 1 to version 2.",
                "Connection: Code change: the connection of bob went from version 1 to version 2.",
            ],
            chat.Log.All.Skip(2).Order());
    }

    [Fact(Timeout = 60_000)]
    public async Task Names_and_counts_stay()
    {
        await using var chat = new Chat();
        var client = await chat.Join("ada");
        client.Line("/ping 1");
        Assert.Equal("pong 1 1", await client.SentLine());

        await chat.Node.ChangeCode();

        client.Line("/ping 2");
        client.Line("/who");
        Assert.Equal("pong 2 2", await client.SentLine());
        Assert.Equal("who ada", await client.SentLine());
    }

    [Fact(Timeout = 60_000)]
    public async Task Question_that_is_open_is_answered_by_the_new_code()
    {
        await using var node = new TestNode();
        var index = node.Probe(Names.Index);
        var client = node.Connect<Connection, ConnectionState, ConnectionMessage>(new ConnectionState("ada", 0));
        client.Line("/who");
        client.Line("/ping 1");
        await index.Expect<IndexMessage.Who>();

        await node.ChangeCode();

        await client.SentNothing();
        client.Ref.Send(new ConnectionMessage.Present(["ada"]));
        Assert.Equal("who ada", await client.SentLine());
        Assert.Equal("pong 1 1", await client.SentLine());
    }
}
