using WatchReload.Daemon.Building;

namespace WatchReload.Daemon.Tests.Building;

public sealed class CutLinesTests
{
    private const int Longest = 6000; // more than is read at a time

    [Theory(Timeout = 60_000)]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("one\ntwo\r\nthree\rfour")]
    [InlineData("one\n\n\r\n\r\rtwo\n")]
    [InlineData("ready\n")]
    public async Task Lines_are_those_of_a_text_reader(string text)
    {
        Assert.Equal(await Expected(text), await Read(new StringReader(text)));
        Assert.Equal(await Expected(text), await Read(new OneByOne(text)));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(Longest, false)]
    [InlineData(Longest + 1, true)]
    [InlineData(Longest * 9, true)]
    public async Task Line_that_is_too_long_is_cut_and_says_so_and_the_next_is_whole(int length, bool cut)
    {
        var note = cut ? new CutLines(TextReader.Null, Longest).Note : "";

        var lines = await Read(new StringReader(new string('x', length) + "\r\nnext"));

        Assert.Equal([new string('x', Math.Min(length, Longest)) + note, "next"], lines);
    }

    [Fact(Timeout = 60_000)]
    public async Task Line_without_an_end_is_given_before_it_ends()
    {
        var lines = new CutLines(new Endless(), Longest);

        Assert.StartsWith("xxx", await lines.Next(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private static async Task<List<string>> Read(TextReader from)
    {
        var lines = new CutLines(from, Longest);
        var read = new List<string>();
        while (await lines.Next(TestContext.Current.CancellationToken) is { } line)
            read.Add(line);
        return read;
    }

    private static async Task<List<string>> Expected(string text)
    {
        using var reader = new StringReader(text);
        var read = new List<string>();
        while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
            read.Add(line);
        return read;
    }

    /// <summary>As a pipe may give it.</summary>
    private sealed class OneByOne(string text) : TextReader
    {
        private int _at;

        public override ValueTask<int> ReadAsync(Memory<char> buffer, CancellationToken cancellationToken = default)
        {
            if (_at == text.Length)
                return ValueTask.FromResult(0);
            buffer.Span[0] = text[_at++];
            return ValueTask.FromResult(1);
        }
    }

    private sealed class Endless : TextReader
    {
        public override ValueTask<int> ReadAsync(Memory<char> buffer, CancellationToken cancellationToken = default)
        {
            buffer.Span.Fill('x');
            return ValueTask.FromResult(buffer.Length);
        }
    }
}
