using System.Text;

namespace WatchReload.Control.Tests.State;

/// <summary>Whatever lies where the cookie and the rendezvous file are expected: it is taken for what it is, or refused with cause and remedy.</summary>
public sealed class DamagedFileTests
{
    [Fact(Timeout = Fuzz.Longest)]
    public async Task A_cookie_is_a_cookie_or_is_refused_without_showing_it()
    {
        using var temporary = new TemporaryState();
        Cookie.LoadOrCreate(temporary.State);
        var good = await File.ReadAllBytesAsync(temporary.State.Cookie, TestContext.Current.CancellationToken);

        await Fuzz.Each(2_500, [good, [.. good, .. "\r\n"u8], Encoding.ASCII.GetBytes(new string('A', 64))], input =>
        {
            File.WriteAllBytes(temporary.State.Cookie, input); // in place, so that the mode stays
            var text = Encoding.UTF8.GetString(input).Trim('\ufeff').Trim();
            if (text.Length == 64 && text.All(char.IsAsciiHexDigit))
            {
                Assert.Equal(Convert.FromHexString(text), Cookie.Load(temporary.State).Key);
                return;
            }

            var refusal = Assert.Throws<StateException>(() => Cookie.LoadOrCreate(temporary.State));
            Assert.StartsWith($"{temporary.State.Cookie} is not a cookie", refusal.Message, StringComparison.Ordinal);
            Assert.Contains($"rm {temporary.State.Cookie}", refusal.Remedy, StringComparison.Ordinal);
            Assert.Equal(input, File.ReadAllBytes(temporary.State.Cookie)); // nobody's secret is replaced unasked
        });
    }

    [Fact(Timeout = Fuzz.Longest)]
    public async Task A_rendezvous_leads_to_a_process_or_is_refused()
    {
        using var temporary = new TemporaryState();
        OwnedPath.EnsureState(temporary.State);
        var path = temporary.State.Rendezvous("main");
        var good = Encoding.UTF8.GetBytes($$"""{"address":"{{temporary.State.Socket("main")}}","pid":{{int.MaxValue}},"startTime":12345,"instance":"0123456789abcdef"}""");

        await Fuzz.Each(1_500, [good], async (input, _) =>
        {
            await File.WriteAllBytesAsync(path, input);
            using var client = new PipeClient(temporary.State, "main");
            var refusal = await Assert.ThrowsAnyAsync<ControlException>(() => client.GetText("/v1/status"));
            Assert.True(refusal is StateException or PipeException { Failure: PipeFailure.NobodyListens }, refusal.ToString());
            Assert.NotEmpty(refusal.Message);
            Assert.NotEmpty(refusal.Remedy);
        });
    }
}
