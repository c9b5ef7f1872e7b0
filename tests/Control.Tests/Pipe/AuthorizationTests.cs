using System.Net;
using System.Net.Http.Json;
using System.Text;

namespace WatchReload.Control.Tests.Pipe;

public sealed class AuthorizationTests
{
    private const string Json = """{"address":"a","pid":1,"startTime":2,"instance":"i"}""";

    [Theory(Timeout = 60_000)]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    public async Task What_may_change_something_needs_a_proof(string method)
    {
        await using var pipe = await PipeFixture.Start();
        using var raw = pipe.Raw();

        using var answer = await raw.SendAsync(new HttpRequestMessage(new HttpMethod(method), "v1/stop"));

        await AssertUnauthorized(pipe, answer, "brings no proof");
    }

    [Fact(Timeout = 60_000)]
    public async Task A_wrong_cookie_is_refused()
    {
        await using var pipe = await PipeFixture.Start();
        using var raw = pipe.Raw();
        using var other = new TemporaryState();

        using var answer = await raw.SendAsync(Request(Cookie.LoadOrCreate(other.State), await Nonce(raw)));

        await AssertUnauthorized(pipe, answer, "does not fit");
    }

    [Fact(Timeout = 60_000)]
    public async Task The_client_tells_a_cookie_that_was_changed_from_a_defect()
    {
        await using var pipe = await PipeFixture.Start();
        File.Delete(pipe.State.Cookie);
        Cookie.LoadOrCreate(pipe.State);

        var refusal = await Assert.ThrowsAsync<PipeException>(() => pipe.Client.Post("/v1/stop"));

        Assert.Equal((PipeFailure.Unauthorized, 401), (refusal.Failure, refusal.Status));
        Assert.Contains("start them again", refusal.Remedy, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_replayed_request_is_refused()
    {
        await using var pipe = await PipeFixture.Start();
        using var raw = pipe.Raw();
        var cookie = Cookie.Load(pipe.State);
        var nonce = await Nonce(raw);

        using var first = await raw.SendAsync(Request(cookie, nonce));
        using var again = await raw.SendAsync(Request(cookie, nonce));

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, again.StatusCode);
        Assert.Equal(1, pipe.Changes);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_nonce_is_used_up_by_a_wrong_proof_too()
    {
        await using var pipe = await PipeFixture.Start();
        using var raw = pipe.Raw();
        using var other = new TemporaryState();
        var nonce = await Nonce(raw);

        using var wrong = await raw.SendAsync(Request(Cookie.LoadOrCreate(other.State), nonce));
        using var right = await raw.SendAsync(Request(Cookie.Load(pipe.State), nonce));

        await AssertUnauthorized(pipe, right, "used before");
    }

    [Fact(Timeout = 60_000)]
    public async Task An_expired_nonce_is_refused()
    {
        var time = new ManualTime();
        await using var pipe = await PipeFixture.Start(options => options with { Time = time });
        using var raw = pipe.Raw();
        var nonce = await Nonce(raw);

        time.Advance(TimeSpan.FromSeconds(30));
        using var answer = await raw.SendAsync(Request(Cookie.Load(pipe.State), nonce));

        await AssertUnauthorized(pipe, answer, "expired");
    }

    [Fact(Timeout = 60_000)]
    public async Task A_nonce_of_another_process_is_refused()
    {
        await using var pipe = await PipeFixture.Start();
        await using var other = await PipeFixture.Start();
        using var raw = pipe.Raw();
        using var otherRaw = other.Raw();

        using var answer = await raw.SendAsync(Request(Cookie.Load(pipe.State), await Nonce(otherRaw)));

        await AssertUnauthorized(pipe, answer, "not of this process");
    }

    [Fact(Timeout = 60_000)]
    public async Task A_tampered_body_is_refused()
    {
        await using var pipe = await PipeFixture.Start();
        using var raw = pipe.Raw();
        var request = Request(Cookie.Load(pipe.State), await Nonce(raw));
        request.Content = new StringContent(Json.Replace("1", "9", StringComparison.Ordinal));

        using var answer = await raw.SendAsync(request);

        await AssertUnauthorized(pipe, answer, "does not fit");
    }

    [Theory(Timeout = 60_000)]
    [InlineData("v1/echo?force=true")]
    [InlineData("v1/echo?")]
    [InlineData("v1//echo")]
    [InlineData("v1/%65cho")]
    [InlineData("v1/stop")]
    public async Task A_tampered_target_is_refused(string target)
    {
        await using var pipe = await PipeFixture.Start();
        using var raw = pipe.Raw();
        var request = Request(Cookie.Load(pipe.State), await Nonce(raw));
        request.RequestUri = new Uri("http://localhost/" + target, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });

        using var answer = await raw.SendAsync(request);

        await AssertUnauthorized(pipe, answer, "does not fit");
    }

    private static async Task<string> Nonce(HttpClient raw) => (await raw.GetFromJsonAsync("v1/nonce", PipeJson.Default.NonceAnswer))!.Nonce;

    private static HttpRequestMessage Request(Cookie cookie, string nonce)
    {
        var proof = RequestProof.Make(cookie, nonce, "POST", "/v1/echo", Encoding.UTF8.GetBytes(Json));
        var request = new HttpRequestMessage(HttpMethod.Post, "v1/echo") { Content = new StringContent(Json) };
        request.Headers.Authorization = new("WatchReload", proof.Parameter);
        return request;
    }

    private static async Task AssertUnauthorized(PipeFixture pipe, HttpResponseMessage answer, string why)
    {
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("WatchReload", Assert.Single(answer.Headers.WwwAuthenticate).Scheme);
        var error = await answer.Content.ReadFromJsonAsync(PipeJson.Default.PipeError);
        Assert.Contains(why, error!.Error, StringComparison.Ordinal);
        Assert.NotEmpty(error.Remedy);
        Assert.Equal(0, pipe.Changes);
    }
}
