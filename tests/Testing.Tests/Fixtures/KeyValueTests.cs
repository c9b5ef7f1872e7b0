using System.Text;
using WatchReload.Fixtures.KeyValue;

namespace WatchReload.Testing.Tests.Fixtures;

public sealed class KeyValueTests
{
    [Fact(Timeout = 60_000)]
    public async Task Value_that_was_put_is_got_until_it_is_deleted()
    {
        await using var node = NewStore();
        var client = node.Connect<BinaryConnection, SessionState, SessionMessage>(new SessionState(0));
        foreach (var request in (string[])["P\u0001kvalue", "G\u0001k", "D\u0001k", "G\u0001k", "D\u0001k"]) client.Line(request);
        foreach (var answer in (string[])["+", "+value", "+", "-", "-"]) Assert.Equal(answer, await client.SentLine());
        Assert.Equal(5, client.State.Requests);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("")]
    [InlineData("G")]
    [InlineData("G\u0002k")]
    [InlineData("G\u0001kv")]
    [InlineData("X\u0001k")]
    public async Task What_is_no_request_is_told(string request)
    {
        await using var node = NewStore();
        var client = node.Connect<BinaryConnection, SessionState, SessionMessage>(new SessionState(0));
        client.Line(request);
        Assert.Equal("?", await client.SentLine());
    }

    [Fact(Timeout = 60_000)]
    public async Task Both_protocols_serve_one_store()
    {
        await using var node = NewStore();
        var binary = node.Connect<BinaryConnection, SessionState, SessionMessage>(new SessionState(0));
        var resp = Resp(node);
        Assert.Equal("+OK\r\n", await Command(resp, "SET", "k", "value"));
        binary.Line("G\u0001k");
        Assert.Equal("+value", await binary.SentLine());
        Assert.Equal("$5\r\nvalue\r\n", await Command(resp, "get", "k"));
        Assert.Equal(":1\r\n", await Command(resp, "DEL", "k"));
        Assert.Equal(":0\r\n", await Command(resp, "DEL", "k"));
        Assert.Equal("$-1\r\n", await Command(resp, "GET", "k"));
        Assert.Equal("+PONG\r\n", await Command(resp, "PING"));
        Assert.Equal("-ERR unknown command\r\n", await Command(resp, "FLUSHALL"));
    }

    [Fact(Timeout = 60_000)]
    public async Task Value_lives_as_long_as_was_said_also_over_a_code_change()
    {
        await using var node = NewStore();
        var client = Resp(node);
        Assert.Equal("+OK\r\n", await Command(client, "SET", "short", "v", "PX", "500"));
        Assert.Equal("+OK\r\n", await Command(client, "SET", "renewed", "v", "PX", "500"));
        Assert.Equal("+OK\r\n", await Command(client, "SET", "renewed", "v"));
        await node.Advance(TimeSpan.FromMilliseconds(499));
        await node.ChangeCode();
        Assert.Equal("$1\r\nv\r\n", await Command(client, "GET", "short"));
        await node.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal("$-1\r\n", await Command(client, "GET", "short"));
        Assert.Equal("$1\r\nv\r\n", await Command(client, "GET", "renewed"));
    }

    [Fact(Timeout = 60_000)]
    public async Task Malformed_command_is_told_and_the_connection_closed()
    {
        await using var node = NewStore();
        var client = Resp(node);
        client.Malformed("'*' was expected");
        Assert.Equal("-ERR Protocol error: '*' was expected\r\n", await client.SentLine());
        Assert.NotNull(client.Stopped);
    }

    [Fact(Timeout = 60_000)]
    public async Task Client_is_told_when_the_store_does_not_answer()
    {
        await using var node = new TestNode();
        node.Probe(Store.Name);
        var client = node.Connect<BinaryConnection, SessionState, SessionMessage>(new SessionState(0));
        client.Line("G\u0001k");
        await node.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("!", await client.SentLine());
    }

    private static TestNode NewStore()
    {
        var node = new TestNode();
        node.Spawn<Store, StoreState, StoreMessage>(new StoreState(), Store.Name);
        return node;
    }

    private static TestConnection<SessionState, SessionMessage> Resp(TestNode node) => node.Connect<RespConnection, SessionState, SessionMessage>(new SessionState(0));

    private static async Task<string> Command(TestConnection<SessionState, SessionMessage> client, params string[] parts)
    {
        client.Line($"*{parts.Length}\r\n{string.Concat(parts.Select(part => $"${Encoding.UTF8.GetByteCount(part)}\r\n{part}\r\n"))}");
        return await client.SentLine();
    }
}
