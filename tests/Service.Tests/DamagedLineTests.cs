using System.Text;

namespace WatchReload.Service.Tests;

/// <summary>Whatever lines a client sends: nobody else notices but what it said, and the index goes on.</summary>
public sealed class DamagedLineTests
{
    private static readonly byte[][] _valid = [.. new[] { "ada", "/ping a", "/who", "/version", "/quit", "/", "hello there", "" }.Select(Encoding.UTF8.GetBytes)];

    [Fact(Timeout = Fuzz.Longest)]
    public async Task Another_client_is_answered_whatever_one_sends()
    {
        await using var chat = new Chat();
        var good = await chat.Join("good");
        var pings = 0;
        await Fuzz.Each(6_000, _valid, async (input, random) =>
        {
            var bad = chat.Connect();
            if (random.Next(3) > 0)
                bad.Line("bad");
            foreach (var line in Cut(input))
                bad.Frame(line);
            bad.PeerCloses();
            good.Line("/ping x");
            var answer = await good.SentLine();
            while (answer.StartsWith("bad: ", StringComparison.Ordinal) || !answer.StartsWith("pong ", StringComparison.Ordinal))
                answer = await good.SentLine(); // what the other said
            Assert.Equal($"pong x {++pings}", answer);
            Assert.NotNull(bad.Stopped);
            Assert.Equal(["good"], chat.Index.State.ByName.Keys);
        });
    }

    // As the listener cuts: frames have no line end and at most the limit.
    private static IEnumerable<byte[]> Cut(byte[] input)
    {
        var from = 0;
        for (var at = 0; at <= input.Length; at++)
        {
            if (at < input.Length && input[at] != '\n')
                continue;
            yield return input[from..Math.Min(at, from + ChatService.MaxLineBytes)];
            from = at + 1;
        }
    }
}
