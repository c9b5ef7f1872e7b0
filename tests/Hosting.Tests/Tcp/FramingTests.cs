using System.Buffers;
using System.Text;
using WatchReload.Actors;
using WatchReload.Hosting.Tcp;

namespace WatchReload.Hosting.Tests.Tcp;

public sealed class FramingTests
{
    [Theory]
    [InlineData("hello\nrest", "hello", "rest")]
    [InlineData("hello\r\nrest", "hello", "rest")]
    [InlineData("hel|lo|\r|\n|rest", "hello", "rest")]
    [InlineData("\n\n", "", "\n")]
    [InlineData("\r\n", "", "")]
    [InlineData("a\rb\n", "a\rb", "")]
    public void A_line_ends_at_its_end_however_the_bytes_arrive(string arrived, string frame, string left) => Frame(new LineFraming(5), arrived, frame, left);

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("hello\r")]
    [InlineData("hel|lo|\r")]
    public void A_line_needs_more_while_it_may_yet_end_within_the_limit(string arrived) => NeedsMore(new LineFraming(5), arrived);

    [Theory]
    [InlineData("hellos")]
    [InlineData("hellos\n")]
    [InlineData("hello\rs")]
    [InlineData("hello\r\r\n")]
    [InlineData("hel|lo|s")]
    public void A_line_over_the_limit_is_malformed(string arrived) => Malformed(new LineFraming(5), arrived);

    [Theory]
    [InlineData(LengthPrefix.UInt8, "\x03")]
    [InlineData(LengthPrefix.UInt16BigEndian, "\0\x03")]
    [InlineData(LengthPrefix.UInt16LittleEndian, "\x03\0")]
    [InlineData(LengthPrefix.UInt32BigEndian, "\0\0\0\x03")]
    [InlineData(LengthPrefix.UInt32LittleEndian, "\x03\0\0\0")]
    public void A_prefixed_frame_is_read_and_written_by_every_prefix(LengthPrefix prefix, string length)
    {
        var framing = new LengthPrefixedFraming(prefix, 10);
        Frame(framing, length + "abcd", "abc", "d");
        Frame(framing, string.Join('|', (length + "abcd").ToCharArray()), "abc", "d");
        for (var part = 0; part < length.Length + 3; part++) NeedsMore(framing, (length + "abc")[..part]);
        Assert.Equal(length + "abc", Written(framing, "abc"));
    }

    [Fact]
    public void A_prefixed_frame_may_be_empty() => Frame(new LengthPrefixedFraming(LengthPrefix.UInt8, 10), "\0x", "", "x");

    [Theory]
    [InlineData(LengthPrefix.UInt8, "\x0b")]
    [InlineData(LengthPrefix.UInt32BigEndian, "\xff\xff\xff\xff")]
    public void A_prefix_over_the_limit_is_malformed_before_the_frame_has_come(LengthPrefix prefix, string arrived) =>
        Malformed(new LengthPrefixedFraming(prefix, 10), arrived);

    [Fact]
    public void A_frame_that_its_prefix_cannot_tell_is_not_written() =>
        Assert.Throws<ArgumentException>(() => Written(new LengthPrefixedFraming(LengthPrefix.UInt8, 1000), new string('x', 256)));

    [Fact]
    public void Raw_bytes_are_cut_at_the_limit()
    {
        NeedsMore(new RawFraming(4), "");
        Frame(new RawFraming(4), "abc", "abc", "");
        Frame(new RawFraming(4), "ab|cde", "abcd", "e");
    }

    [Fact]
    public void A_line_is_written_with_its_end() => Assert.Equal("hello\n", Written(new LineFraming(5), "hello"));

    private static void Frame(IFraming framing, string arrived, string expected, string left)
    {
        var unread = Pieces.Of(arrived.Split('|'));
        Assert.Equal(FrameRead.Frame, framing.TryRead(ref unread, out var frame, out _));
        Assert.Equal((expected, left), (Pieces.Text(frame), Pieces.Text(unread)));
    }

    private static void NeedsMore(IFraming framing, string arrived)
    {
        var unread = Pieces.Of(arrived.Split('|'));
        var before = unread.Length;
        Assert.Equal(FrameRead.NeedMore, framing.TryRead(ref unread, out _, out _));
        Assert.Equal(before, unread.Length);
    }

    private static void Malformed(IFraming framing, string arrived)
    {
        var unread = Pieces.Of(arrived.Split('|'));
        Assert.Equal(FrameRead.Malformed, framing.TryRead(ref unread, out _, out var error));
        Assert.NotNull(error);
    }

    private static string Written(IFraming framing, string frame)
    {
        var output = new ArrayBufferWriter<byte>();
        framing.Write(Encoding.Latin1.GetBytes(frame), output);
        return Encoding.Latin1.GetString(output.WrittenSpan);
    }
}
