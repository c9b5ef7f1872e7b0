using System.Text;

namespace WatchReload.Control.Tests.Pipe;

public sealed class DamagedProofTests
{
    [Fact(Timeout = Fuzz.Longest)]
    public async Task No_header_but_the_right_one_is_a_proof()
    {
        using var temporary = new TemporaryState();
        var cookie = Cookie.LoadOrCreate(temporary.State);
        var proof = RequestProof.Make(cookie, "0123456789abcdef0123456789abcdef", "POST", "/v1/reload?rehearse=true", "{}"u8);
        var good = $"{RequestProof.Scheme} {proof.Parameter}";

        await Fuzz.Each(12_000, [Encoding.UTF8.GetBytes(good)], input =>
        {
            var header = Encoding.UTF8.GetString(input);
            var fits = RequestProof.TryParse(header, out var parsed) && parsed.Value.Fits(cookie, "POST", "/v1/reload?rehearse=true", "{}"u8);
            Assert.Equal(header.Equals(good, StringComparison.OrdinalIgnoreCase) && header.StartsWith(good[..^64], StringComparison.Ordinal), fits); // hex has two cases
        });
    }
}
