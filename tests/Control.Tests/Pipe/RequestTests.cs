using System.Net;
using System.Text;

namespace WatchReload.Control.Tests.Pipe;

public sealed class RequestTests
{
    private static readonly Rendezvous Body = new("a", 3, 4, "é\n");

    [Fact(Timeout = 60_000)]
    public async Task Reads_need_no_proof()
    {
        await using var pipe = await PipeFixture.Start();
        using var raw = pipe.Raw();

        Assert.Equal("hello", await raw.GetStringAsync("v1/text"));
        Assert.Equal("hello", await pipe.Client.GetText("/v1/text"));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_proved_post_carries_body_and_answer()
    {
        await using var pipe = await PipeFixture.Start();

        var answer = await pipe.Client.Post("/v1/echo?x=%20y", Body, ControlJson.Default.Rendezvous, ControlJson.Default.Rendezvous);
        await pipe.Client.Post("/v1/stop");

        Assert.Equal(Body, answer);
        Assert.Equal(2, pipe.Changes);
    }

    [Fact(Timeout = 60_000)]
    public async Task Lines_arrive_one_by_one_as_they_happen()
    {
        await using var pipe = await PipeFixture.Start();

        await using var lines = await pipe.Client.PostLines("/v1/lines", Body, ControlJson.Default.Rendezvous, ControlJson.Default.Rendezvous);
        Assert.Equal("id-7", lines.Id); // the headers are here before there is a line
        await using var each = lines.GetAsyncEnumerator();
        for (var i = 1; i <= 3; i++)
        {
            pipe.Lines.Release();
            Assert.True(await each.MoveNextAsync());
            Assert.Equal(i, each.Current.Pid);
        }

        Assert.False(await each.MoveNextAsync());
    }

    [Theory(Timeout = 60_000)]
    [InlineData("/v1/breaking")]
    [InlineData("/v1/channel")]
    public async Task Lines_that_break_off_are_no_whole_answer(string target)
    {
        await using var pipe = await PipeFixture.Start();
        Assert.True(pipe.Channel.Writer.TryWrite(Body with { Address = "line" }));
        pipe.Channel.Writer.Complete(new InvalidOperationException("on purpose"));

        var lost = await Assert.ThrowsAsync<PipeException>(async () =>
        {
            await using var lines = await pipe.Client.GetLines(target, ControlJson.Default.Rendezvous);
            await foreach (var line in lines)
                Assert.Equal("line", line.Address);
        });

        Assert.Equal(PipeFailure.Lost, lost.Failure);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_line_that_cannot_be_written_is_told_when_nothing_was_sent_before_it()
    {
        await using var pipe = await PipeFixture.Start();
        using var raw = pipe.Raw();

        using var answer = await raw.GetAsync("v1/unwritable", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Contains("by a defect: ", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Lines_of_a_channel_arrive_one_by_one_as_they_happen()
    {
        await using var pipe = await PipeFixture.Start();

        await using var lines = await pipe.Client.GetLines("/v1/channel", ControlJson.Default.Rendezvous);
        Assert.Equal("id-8", lines.Id);
        await using var each = lines.GetAsyncEnumerator();
        for (var i = 1; i <= 3; i++)
        {
            Assert.True(pipe.Channel.Writer.TryWrite(Body with { Pid = i }));
            Assert.True(await each.MoveNextAsync());
            Assert.Equal(i, each.Current.Pid);
        }

        pipe.Channel.Writer.Complete();
        Assert.False(await each.MoveNextAsync());
    }

    [Fact(Timeout = 60_000)]
    public async Task Lines_of_a_channel_that_are_more_than_go_together_arrive_whole_and_in_order()
    {
        const int count = 2_000;
        await using var pipe = await PipeFixture.Start();
        for (var i = 1; i <= count; i++)
            Assert.True(pipe.Channel.Writer.TryWrite(Body with { Pid = i }));
        pipe.Channel.Writer.Complete();

        await using var lines = await pipe.Client.GetLines("/v1/channel", ControlJson.Default.Rendezvous);
        var numbers = new List<int>();
        await foreach (var line in lines)
            numbers.Add(line.Pid);

        Assert.Equal(Enumerable.Range(1, count), numbers);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("/v1/channel", "0\r\n\r\n")]
    [InlineData("/v1/text", "hello")]
    [InlineData("/v1/nonce", "\"}")]
    public async Task What_is_there_is_sent_in_one_piece_from_the_headers_to_the_end(string target, string end)
    {
        await using var pipe = await PipeFixture.Start();
        for (var i = 1; i <= 3; i++)
            Assert.True(pipe.Channel.Writer.TryWrite(Body with { Pid = i }));
        pipe.Channel.Writer.Complete();
        using var socket = await pipe.Connect();
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n"));

        var buffer = new byte[4096];
        var answer = Encoding.UTF8.GetString(buffer, 0, await socket.ReceiveAsync(buffer));

        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
        Assert.EndsWith(end, answer, StringComparison.Ordinal);
    }
}
