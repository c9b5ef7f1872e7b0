using System.Text;

namespace WatchReload.Control.Tests.Pipe;

public sealed class RequestProofTests : IDisposable
{
    private readonly TemporaryState _temporary = new();
    private readonly Cookie _cookie;

    public RequestProofTests() => _cookie = Cookie.LoadOrCreate(_temporary.State);

    [Fact(Timeout = 60_000)]
    public async Task It_survives_its_header_and_fits_only_the_very_request()
    {
        var made = RequestProof.Make(_cookie, "n1", "POST", "/v1/stop?a=b", "body"u8);

        Assert.True(RequestProof.TryParse($"WatchReload {made.Parameter}", out var proof));
        Assert.True(proof.Value.Fits(_cookie, "POST", "/v1/stop?a=b", "body"u8));
        Assert.False(proof.Value.Fits(_cookie, "PUT", "/v1/stop?a=b", "body"u8));
        Assert.False(proof.Value.Fits(_cookie, "POST", "/v1/stop?a=c", "body"u8));
        Assert.False(proof.Value.Fits(_cookie, "POST", "/v1/stop?a=b", "Body"u8));
        Assert.False((proof.Value with { Nonce = "n2" }).Fits(_cookie, "POST", "/v1/stop?a=b", "body"u8));
        await Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public async Task It_is_of_one_cookie()
    {
        using var other = new TemporaryState();
        var proof = RequestProof.Make(Cookie.LoadOrCreate(other.State), "n", "POST", "/", []);

        Assert.False(proof.Fits(_cookie, "POST", "/", []));
        await Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public async Task Parts_cannot_be_shifted_into_one_another()
    {
        var proof = RequestProof.Make(_cookie, "nPO", "ST", "/x", []);

        Assert.False((proof with { Nonce = "n" }).Fits(_cookie, "POST", "/x", []));
        await Task.CompletedTask;
    }

    [Theory(Timeout = 60_000)]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Basic YTpi")]
    [InlineData("WatchReload")]
    [InlineData("WatchReload v=1,nonce=n")]
    [InlineData("WatchReload v=2,nonce=n,mac=00")]
    [InlineData("WatchReload nonce=n,v=1,mac=00")]
    [InlineData("WatchReload v=1,nonce=n,mac=00,more=1")]
    public async Task What_is_not_a_proof_is_not_read_as_one(string? header)
    {
        Assert.False(RequestProof.TryParse(header, out _));
        await Task.CompletedTask;
    }

    [Theory(Timeout = 60_000)]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("zz")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("000000000000000000000000000000000000000000000000000000000000000000")]
    public async Task A_mac_of_any_other_form_does_not_fit(string mac)
    {
        Assert.False(new RequestProof("n", mac).Fits(_cookie, "POST", "/", Encoding.UTF8.GetBytes("")));
        await Task.CompletedTask;
    }

    public void Dispose() => _temporary.Dispose();
}
