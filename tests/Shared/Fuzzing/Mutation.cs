using System.Text;

namespace WatchReload.Tests;

/// <summary>Makes one damaged input: of random bytes, or of a valid input by a few edits of its bytes or, where it is JSON, of its values.</summary>
internal static class Mutation
{
    // What parsers stumble over.
    private static readonly byte[][] _tokens = [.. new[]
    {
        "", "\0", "\r\n", "\n", "\r", "\t", " ", "\"", "\\", "\\u0000", "\\ud800", "\u2028", "\ufeff", "é", "😀", "{", "}", "[", "]", ",", ":", "null", "true", "-1", "0", "1e999", "-0.0",
        "9223372036854775808", "99999999999999999999999999999", "../", "/", "//", "/etc/passwd", "%00", "%2e%2e/", "//*", "/*", "*/", "$", "..", ".", "~", "=", ";", "'", "`", "\x1b[2J",
    }.Select(Encoding.UTF8.GetBytes), [0xff], [0xc3, 0x28], [0xed, 0xa0, 0x80], [0xfe, 0xff], [.. Enumerable.Repeat((byte)'[', 2000)], [.. Enumerable.Repeat((byte)'x', 5000)]];

    public static byte[] Of(IReadOnlyList<byte[]> valid, Random random)
    {
        if (random.Next(10) == 0)
            return Bytes(random, random.Next(300));
        var input = valid[random.Next(valid.Count)];
        if (random.Next(2) == 0 && JsonMutation.TryApply(input, random) is { } json)
            return json;
        for (var edits = random.Next(1, 5); edits > 0; edits--)
            input = Edit(input, valid, random);
        return input;
    }

    private static byte[] Edit(byte[] input, IReadOnlyList<byte[]> valid, Random random)
    {
        var (from, to) = Range(input.Length, random);
        switch (random.Next(8))
        {
            case 0: // one bit
                if (input.Length == 0)
                    return Bytes(random, 1);
                input = [.. input];
                input[random.Next(input.Length)] ^= (byte)(1 << random.Next(8));
                return input;
            case 1:
                return [.. input[..from], .. Bytes(random, random.Next(1, 9)), .. input[to..]];
            case 2: // left out
                return [.. input[..from], .. input[to..]];
            case 3: // said twice
                return [.. input[..to], .. input[from..]];
            case 4: // cut off
                return input[..from];
            case 5:
                var other = valid[random.Next(valid.Count)];
                var (start, end) = Range(other.Length, random);
                return [.. input[..from], .. other[start..end], .. input[to..]];
            case 6:
                return [.. input[..from], .. _tokens[random.Next(_tokens.Length)], .. input[from..]];
            default:
                return [.. input[..from], .. _tokens[random.Next(_tokens.Length)], .. input[Math.Min(input.Length, from + random.Next(4))..]];
        }
    }

    private static (int From, int To) Range(int length, Random random)
    {
        var from = random.Next(length + 1);
        return (from, from + random.Next(Math.Min(length - from, 40) + 1));
    }

    private static byte[] Bytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
