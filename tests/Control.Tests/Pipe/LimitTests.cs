using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;

namespace WatchReload.Control.Tests.Pipe;

public sealed class LimitTests
{
    [Theory(Timeout = 60_000)]
    [InlineData("/v9/status", 404, "speaks version 1")]
    [InlineData("/", 404, "speaks version 1")]
    [InlineData("/v1/nothing", 404, "no GET /v1/nothing")]
    [InlineData("/v1/stop", 404, "no GET /v1/stop")]
    [InlineData("/v1/throw", 500, "on purpose")]
    public async Task What_cannot_be_answered_is_told_in_json(string target, int status, string why)
    {
        await using var pipe = await PipeFixture.Start();
        using var raw = pipe.Raw();

        for (var i = 0; i < 2; i++) // and the server goes on
        {
            using var answer = await raw.GetAsync(target);

            Assert.Equal(status, (int)answer.StatusCode);
            var error = await answer.Content.ReadFromJsonAsync(PipeJson.Default.PipeError);
            Assert.Contains(why, error!.Error, StringComparison.Ordinal);
            Assert.NotEmpty(error.Remedy);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task A_body_that_is_not_what_the_route_takes_is_a_refusal()
    {
        await using var pipe = await PipeFixture.Start();

        var refusal = await Assert.ThrowsAsync<PipeException>(() => pipe.Client.Post("/v1/build", new PipeError("a", "b"), PipeJson.Default.PipeError, ControlJson.Default.Rendezvous));

        Assert.Equal((PipeFailure.Rejected, 400), (refusal.Failure, refusal.Status));
        Assert.Contains("project", refusal.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_body_that_is_too_large_is_refused()
    {
        await using var pipe = await PipeFixture.Start(options => options with { MaxBodyBytes = 1000 });

        var refusal = await Assert.ThrowsAsync<PipeException>(() => pipe.Client.Post(
            "/v1/echo", new Rendezvous(new string('x', 1000), 1, 2, "i"), ControlJson.Default.Rendezvous, ControlJson.Default.Rendezvous));

        Assert.Equal((PipeFailure.Rejected, 413), (refusal.Failure, refusal.Status));
    }

    [Fact(Timeout = 60_000)]
    public async Task Headers_that_are_too_large_are_refused()
    {
        await using var pipe = await PipeFixture.Start();
        using var raw = pipe.Raw();
        raw.DefaultRequestHeaders.Add("x", new string('x', 9000));

        using var answer = await raw.GetAsync("v1/text");

        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, answer.StatusCode);
    }

    [Fact(Timeout = 60_000)]
    public async Task Headers_that_do_not_end_are_cut_off()
    {
        await using var pipe = await PipeFixture.Start(options => options with { HeaderTimeout = TimeSpan.FromSeconds(1) });
        using var socket = await pipe.Connect();
        await socket.SendAsync("GET /v1/text HTTP/1.1\r\nHost: localhost\r\nX-Slow: "u8.ToArray());

        Assert.Contains(" 408 ", await ReadToEnd(socket), StringComparison.Ordinal);
        Assert.Equal("hello", await pipe.Client.GetText("/v1/text"));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_body_that_does_not_arrive_is_cut_off()
    {
        await using var pipe = await PipeFixture.Start(options => options with { BodyTimeout = TimeSpan.FromMilliseconds(100) });
        using var socket = await pipe.Connect();
        var nonce = (await pipe.Client.Get("/v1/nonce", PipeJson.Default.NonceAnswer)).Nonce;
        var proof = RequestProof.Make(Cookie.Load(pipe.State), nonce, "POST", "/v1/stop", "0123456789"u8);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"POST /v1/stop HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\nConnection: close\r\nAuthorization: WatchReload {proof.Parameter}\r\n\r\n01234"));

        Assert.Contains(" 408 ", await ReadToEnd(socket), StringComparison.Ordinal);
        Assert.Equal(0, pipe.Changes);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_silent_connection_is_cut_off()
    {
        await using var pipe = await PipeFixture.Start(options => options with { IdleTimeout = TimeSpan.FromSeconds(1) });
        using var socket = await pipe.Connect();

        Assert.Equal("", await ReadToEnd(socket));
    }

    [Fact(Timeout = 60_000)]
    public async Task Connections_that_send_nothing_or_drip_do_not_keep_others_out()
    {
        const int most = 8;
        await using var pipe = await PipeFixture.Start(options => options with { MaxConnections = most, IdleTimeout = TimeSpan.FromSeconds(1), HeaderTimeout = TimeSpan.FromSeconds(1) });
        var slow = new List<Socket>();
        try
        {
            for (var i = 0; i < most - 1; i++)
            {
                slow.Add(await pipe.Connect());
                if (i % 2 == 0)
                    await slow[i].SendAsync("GET /v1/text HTTP/1.1\r\nHost: loc"u8.ToArray());
            }

            Assert.Equal("hello", await pipe.Client.GetText("/v1/text")); // while they are there
            slow.Add(await pipe.Connect()); // no more fit: this one is cut off, or one before it was
            await Task.WhenAll(slow.Select(ReadToEnd)); // all are cut off
            Assert.Equal("hello", await pipe.Client.GetText("/v1/text"));
        }
        finally
        {
            slow.ForEach(socket => socket.Dispose());
        }
    }

    private static async Task<string> ReadToEnd(Socket socket)
    {
        using var reader = new StreamReader(new NetworkStream(socket));
        return await reader.ReadToEndAsync();
    }
}
