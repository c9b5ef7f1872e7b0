using System.Net;
using System.Net.Sockets;
using System.Text;

namespace WatchReload.Control.Tests.Pipe;

/// <summary>How often the client and the server exchange something for a command, and what must not be had by saving there.</summary>
public sealed class NonceInStockTests
{
    private const string Fetch = "GET /v1/nonce";
    private const string Stop = "POST /v1/stop";
    private static readonly Rendezvous Body = new("a", 1, 2, "i");

    [Fact(Timeout = 60_000)]
    public async Task A_command_after_another_is_one_round_trip_on_the_same_connection()
    {
        await using var pipe = await PipeFixture.Start();
        await using var wire = Wire.Tap(pipe);

        for (var i = 0; i < 4; i++)
            await pipe.Client.Post("/v1/stop");

        Assert.Equal([Fetch, Stop, Stop, Stop, Stop], wire.Requests);
        Assert.Single(wire.Heard);
        Assert.Equal(4, wire.Nonces.Distinct().Count());
        Assert.Equal(4, pipe.Changes);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_read_brings_the_nonce_of_the_command_after_it()
    {
        await using var pipe = await PipeFixture.Start();
        await using var wire = Wire.Tap(pipe);

        await pipe.Client.GetText("/v1/text");
        await pipe.Client.Post("/v1/stop");

        Assert.Equal(["GET /v1/text", Stop], wire.Requests);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_was_made_ready_is_used_and_not_made_again(bool forgetsNonces)
    {
        await using var pipe = await PipeFixture.Start();
        await using var wire = Wire.Tap(pipe, forgetsNonces);

        await pipe.Client.MakeReady();
        await pipe.Client.MakeReady();
        Assert.Equal([Fetch], wire.Requests);
        await pipe.Client.Post("/v1/stop");

        Assert.Equal([Fetch, Stop], wire.Requests);
        Assert.Single(wire.Heard);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_command_while_one_is_under_way_is_one_round_trip_too()
    {
        await using var pipe = await PipeFixture.Start();
        await using var wire = Wire.Tap(pipe);

        var first = pipe.Client.PostLines("/v1/late", Body, ControlJson.Default.Rendezvous, ControlJson.Default.Rendezvous); // its headers come with its end
        await pipe.Begun.WaitAsync(TestContext.Current.CancellationToken);
        await pipe.Client.Post("/v1/stop");
        pipe.Lines.Release();
        await using var lines = await first;

        Assert.Equal([Fetch, "POST /v1/late", Stop], wire.Requests.OrderBy(r => r is Fetch ? 0 : r is Stop ? 2 : 1));
    }

    [Fact(Timeout = 60_000)]
    public async Task Commands_at_a_time_have_a_nonce_each()
    {
        await using var pipe = await PipeFixture.Start();
        await using var wire = Wire.Tap(pipe);

        for (var round = 0; round < 5; round++)
            await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => pipe.Client.Post("/v1/stop"))));

        Assert.Equal(100, pipe.Changes);
        Assert.Equal(100, wire.Nonces.Distinct().Count()); // and so none was refused, and sent again
        Assert.Equal(100, wire.Requests.Count(r => r == Stop));
    }

    [Fact(Timeout = 60_000)]
    public async Task What_was_heard_on_the_way_cannot_be_sent_again()
    {
        await using var pipe = await PipeFixture.Start();
        await using var wire = Wire.Tap(pipe);
        for (var i = 0; i < 3; i++)
            await pipe.Client.Post("/v1/stop");
        var commands = wire.Heard.Single().Split("\r\n\r\n").Where(request => request.StartsWith("POST ", StringComparison.Ordinal)).ToArray();
        Assert.Equal((3, 3), (commands.Length, pipe.Changes));

        foreach (var command in commands)
        {
            using var replay = await pipe.Connect();
            using var answers = new StreamReader(new NetworkStream(replay));
            await replay.SendAsync(Encoding.Latin1.GetBytes(command + "\r\n\r\n"));
            Assert.StartsWith("HTTP/1.1 401 ", await answers.ReadLineAsync(), StringComparison.Ordinal);
        }

        Assert.Equal(3, pipe.Changes);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_nonce_from_a_header_is_good_once_and_not_without_the_cookie()
    {
        await using var pipe = await PipeFixture.Start();
        using var raw = pipe.Raw();
        using var other = new TemporaryState();
        Assert.False((await raw.GetAsync("v1/text")).Headers.Contains(PipeRoutes.NonceHeader)); // who does not ask gets none
        raw.DefaultRequestHeaders.Add(PipeRoutes.NonceHeader, PipeRoutes.NextNonce);

        var nonce = Assert.Single((await raw.GetAsync("v1/text")).Headers.GetValues(PipeRoutes.NonceHeader));
        using var wrong = await raw.SendAsync(Command(Cookie.LoadOrCreate(other.State), nonce));
        nonce = Assert.Single(wrong.Headers.GetValues(PipeRoutes.NonceHeader)); // with a refusal too
        using var right = await raw.SendAsync(Command(Cookie.Load(pipe.State), nonce));
        using var again = await raw.SendAsync(Command(Cookie.Load(pipe.State), nonce));

        Assert.Equal([HttpStatusCode.Unauthorized, HttpStatusCode.OK, HttpStatusCode.Unauthorized], [wrong.StatusCode, right.StatusCode, again.StatusCode]);
        Assert.Equal(1, pipe.Changes);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_nonce_that_has_grown_old_here_is_not_used()
    {
        var time = new ManualTime();
        await using var pipe = await PipeFixture.Start();
        await using var wire = Wire.Tap(pipe);
        using var client = new PipeClient(pipe.State, "node", new PipeClientOptions { Time = time });

        await client.Post("/v1/stop");
        time.Advance(TimeSpan.FromSeconds(25) - TimeSpan.FromTicks(1));
        await client.Post("/v1/stop");
        time.Advance(TimeSpan.FromSeconds(25));
        await client.Post("/v1/stop");

        Assert.Equal([Fetch, Stop, Stop, Fetch, Stop], wire.Requests);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_nonce_that_has_grown_old_there_is_refused_and_the_command_is_sent_once_more()
    {
        var time = new ManualTime();
        await using var pipe = await PipeFixture.Start(options => options with { Time = time });
        await using var wire = Wire.Tap(pipe);

        await pipe.Client.Post("/v1/stop");
        time.Advance(TimeSpan.FromSeconds(30));
        var answer = await pipe.Client.Post("/v1/echo", Body, ControlJson.Default.Rendezvous, ControlJson.Default.Rendezvous);

        Assert.Equal(Body, answer);
        Assert.Equal([Fetch, Stop, "POST /v1/echo", "POST /v1/echo"], wire.Requests); // the refusal brought a good one
        Assert.Equal(2, pipe.Changes);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_command_goes_through_when_its_nonce_had_to_make_room_for_those_of_others()
    {
        await using var pipe = await PipeFixture.Start();
        await using var wire = Wire.Tap(pipe);
        await pipe.Client.Post("/v1/stop");
        using var raw = pipe.Raw();
        raw.DefaultRequestHeaders.Add(PipeRoutes.NonceHeader, PipeRoutes.NextNonce);
        for (var i = 0; i < 1024; i++)
            (await raw.GetAsync("v1/text")).Dispose();

        await pipe.Client.Post("/v1/stop");

        Assert.Equal([Fetch, Stop, Stop, Stop], wire.Requests);
        Assert.Equal(2, pipe.Changes);
    }

    [Fact(Timeout = 60_000)]
    public async Task The_next_process_of_the_name_is_commanded_with_nonces_of_its_own()
    {
        await using var pipe = await PipeFixture.Start();
        await using var wire = Wire.Tap(pipe);
        await pipe.Client.Post("/v1/stop");
        await pipe.Restart();
        await wire.TakePlaceAgain();

        await pipe.Client.Post("/v1/stop");
        await pipe.Client.Post("/v1/stop");

        Assert.Equal([Fetch, Stop, Stop, Stop, Stop], wire.Requests); // one was refused
        Assert.Equal(3, pipe.Changes);

        await pipe.Restart();
        await wire.TakePlaceAgain();
        await pipe.Client.GetText("/v1/text"); // tells that it is another
        await pipe.Client.Post("/v1/stop");

        Assert.Equal(["GET /v1/text", Stop], wire.Requests.Skip(5));
        Assert.Equal(4, pipe.Changes);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_server_that_knows_nothing_of_it_is_asked_for_each_nonce()
    {
        await using var pipe = await PipeFixture.Start();
        await using var wire = Wire.Tap(pipe, forgetsNonces: true);

        for (var i = 0; i < 3; i++)
            await pipe.Client.Post("/v1/stop");

        Assert.Equal([Fetch, Stop, Fetch, Stop, Fetch, Stop], wire.Requests);
        Assert.Equal(3, pipe.Changes);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_cookie_that_was_changed_is_seen_and_refused_once_more_at_the_most()
    {
        await using var pipe = await PipeFixture.Start();
        await using var wire = Wire.Tap(pipe);
        await pipe.Client.Post("/v1/stop");
        File.Delete(pipe.State.Cookie);
        Cookie.LoadOrCreate(pipe.State);

        var refusal = await Assert.ThrowsAsync<PipeException>(() => pipe.Client.Post("/v1/stop"));

        Assert.Equal(PipeFailure.Unauthorized, refusal.Failure);
        Assert.Equal([Fetch, Stop, Stop, Stop], wire.Requests);
        Assert.Equal(1, pipe.Changes);

        await pipe.Restart(); // which takes the new one
        await wire.TakePlaceAgain();
        await pipe.Client.Post("/v1/stop");
        Assert.Equal(2, pipe.Changes);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_cookie_that_others_can_read_by_now_commands_no_more()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Modes are of Unix.");
        await using var pipe = await PipeFixture.Start();
        await using var wire = Wire.Tap(pipe);
        await pipe.Client.Post("/v1/stop");
        await Elevated.Run("chmod", "644", pipe.State.Cookie);

        await Assert.ThrowsAsync<StateException>(() => pipe.Client.Post("/v1/stop"));

        Assert.Equal([Fetch, Stop], wire.Requests);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_is_refused_for_another_cause_is_not_sent_again()
    {
        await using var pipe = await PipeFixture.Start();
        await using var wire = Wire.Tap(pipe);
        await pipe.Client.Post("/v1/stop");

        await Assert.ThrowsAsync<PipeException>(() => pipe.Client.Post("/v1/nothing"));
        await Assert.ThrowsAsync<PipeException>(() => pipe.Client.Post("/v1/build", new PipeError("a", "b"), PipeJson.Default.PipeError, ControlJson.Default.Rendezvous));

        Assert.Equal([Fetch, Stop, "POST /v1/nothing", "POST /v1/build"], wire.Requests);
    }

    private static HttpRequestMessage Command(Cookie cookie, string nonce)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "v1/stop");
        request.Headers.Authorization = new("WatchReload", RequestProof.Make(cookie, nonce, "POST", "/v1/stop", []).Parameter);
        return request;
    }
}
