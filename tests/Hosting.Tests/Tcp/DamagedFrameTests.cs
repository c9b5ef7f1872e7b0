using System.Buffers;
using System.Text;
using WatchReload.Actors;
using WatchReload.Hosting.Tcp;

namespace WatchReload.Hosting.Tests.Tcp;

/// <summary>Whatever a peer sends, and in whatever pieces it arrives: the same frames, none over the limit, none of bytes that were not sent.</summary>
public sealed class DamagedFrameTests
{
    private const int MaxLength = 48;

    private static readonly byte[][] _valid =
    [
        "ada\n/ping a\n/who\r\nhello there\n\n/quit\n"u8.ToArray(),
        Encoding.ASCII.GetBytes(new string('x', MaxLength) + "\r\n" + new string('y', MaxLength) + "\n"),
        [3, (byte)'a', (byte)'b', (byte)'c', 0, 2, 10, 13],
        [0, 0, 0, 3, (byte)'a', (byte)'b', (byte)'c', 0, 0, 0, 0, 0, 0, 0, 1, 10],
        [3, 0, (byte)'a', (byte)'b', (byte)'c', 0, 0, 2, 0, 13, 10],
    ];

    public static TheoryData<string> Framings => ["lines", "raw", .. Enum.GetNames<LengthPrefix>()];

    [Theory(Timeout = Fuzz.Longest)]
    [MemberData(nameof(Framings))]
    public Task Frames_are_the_same_in_whatever_pieces_the_bytes_arrive(string name) => Fuzz.Each(4_000, _valid, (input, random) =>
    {
        IFraming framing = name switch
        {
            "lines" => new LineFraming(MaxLength),
            "raw" => new RawFraming(MaxLength),
            _ => new LengthPrefixedFraming(Enum.Parse<LengthPrefix>(name), MaxLength),
        };
        var (whole, wrong) = Cut(framing, input, [input.Length]);
        Assert.All(whole, frame => Assert.InRange(frame.Length, 0, MaxLength));
        Assert.True(wrong is null or { Length: > 0 });
        if (name == "raw")
        {
            // Its frames are whatever has come, but all of it.
            Assert.Equal(input, Cut(framing, input, Cuts(input.Length, random)).Frames.SelectMany(frame => frame));
            return Task.CompletedTask;
        }

        var (pieced, wrongToo) = Cut(framing, input, Cuts(input.Length, random));
        Assert.Equal(whole, pieced);
        Assert.Equal(wrong, wrongToo);
        return Task.CompletedTask;
    });

    private static int[] Cuts(int length, Random random)
    {
        var pieces = new List<int>();
        for (var left = length; left > 0; left -= pieces[^1])
            pieces.Add(random.Next(1, Math.Min(left, 20) + 1));
        return [.. pieces];
    }

    /// <summary>As a connection does it: after each piece all frames that are whole, from what has come and was not taken.</summary>
    private static (List<byte[]> Frames, string? Wrong) Cut(IFraming framing, byte[] input, int[] pieces)
    {
        var frames = new List<byte[]>();
        var (taken, come) = (0, 0);
        foreach (var piece in pieces)
        {
            come += piece;
            var unread = Pieces.Of([.. Split(input.AsSpan(taken, come - taken), piece)]);
            while (true)
            {
                var before = unread.Length;
                switch (framing.TryRead(ref unread, out var frame, out var error))
                {
                    case FrameRead.Frame:
                        Assert.True(unread.Length < before, "A frame that takes nothing would be read for ever.");
                        frames.Add(frame.ToArray());
                        continue;
                    case FrameRead.Malformed:
                        return (frames, error);
                    default:
                        Assert.Equal(before, unread.Length);
                        break;
                }

                break;
            }

            taken = come - (int)unread.Length;
        }

        return (frames, null);
    }

    // In two segments: frames may lie across them.
    private static string[] Split(ReadOnlySpan<byte> bytes, int last) =>
        [Encoding.Latin1.GetString(bytes[..Math.Max(0, bytes.Length - last)]), Encoding.Latin1.GetString(bytes[Math.Max(0, bytes.Length - last)..])];
}
