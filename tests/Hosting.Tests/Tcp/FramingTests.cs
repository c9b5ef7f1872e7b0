using System.Buffers;
using System.Text;
using WatchReload.Actors;
using WatchReload.Hosting.Tcp;

namespace WatchReload.Hosting.Tests.Tcp;

public sealed class FramingTests
{
    [Theory(Timeout = 60_000)]
    [InlineData("hello\nrest", "hello", "rest")]
    [InlineData("hello\r\nrest", "hello", "rest")]
    [InlineData("hel|lo|\r|\n|rest", "hello", "rest")]
    [InlineData("\n\n", "", "\n")]
    [InlineData("\r\n", "", "")]
    [InlineData("a\rb\n", "a\rb", "")]
    public Task A_line_ends_at_its_end_however_the_bytes_arrive(string arrived, string frame, string left) => Frame(new LineFraming(5), arrived, frame, left);

    [Fact(Timeout = 60_000)]
    public Task A_line_may_be_as_long_as_there_are_numbers() => Frame(new LineFraming(int.MaxValue), "hello\nrest", "hello", "rest");

    [Theory(Timeout = 60_000)]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("hello\r")]
    [InlineData("hel|lo|\r")]
    public Task A_line_needs_more_while_it_may_yet_end_within_the_limit(string arrived) => NeedsMore(new LineFraming(5), arrived);

    [Theory(Timeout = 60_000)]
    [InlineData("hellos")]
    [InlineData("hellos\n")]
    [InlineData("hello\rs")]
    [InlineData("hello\r\r\n")]
    [InlineData("hel|lo|s")]
    public Task A_line_over_the_limit_is_malformed(string arrived) => Malformed(new LineFraming(5), arrived);

    [Theory(Timeout = 60_000)]
    [InlineData(LengthPrefix.UInt8, "\x03")]
    [InlineData(LengthPrefix.UInt16BigEndian, "\0\x03")]
    [InlineData(LengthPrefix.UInt16LittleEndian, "\x03\0")]
    [InlineData(LengthPrefix.UInt32BigEndian, "\0\0\0\x03")]
    [InlineData(LengthPrefix.UInt32LittleEndian, "\x03\0\0\0")]
    public async Task A_prefixed_frame_is_read_and_written_by_every_prefix(LengthPrefix prefix, string length)
    {
        var framing = new LengthPrefixedFraming(prefix, 10);
        await Frame(framing, length + "abcd", "abc", "d");
        await Frame(framing, string.Join('|', (length + "abcd").ToCharArray()), "abc", "d");
        for (var part = 0; part < length.Length + 3; part++) await NeedsMore(framing, (length + "abc")[..part]);
        Assert.Equal(length + "abc", Written(framing, "abc"));
    }

    [Fact(Timeout = 60_000)]
    public Task A_prefixed_frame_may_be_empty() => Frame(new LengthPrefixedFraming(LengthPrefix.UInt8, 10), "\0x", "", "x");

    [Theory(Timeout = 60_000)]
    [InlineData(LengthPrefix.UInt8, "\x0b")]
    [InlineData(LengthPrefix.UInt32BigEndian, "\xff\xff\xff\xff")]
    public Task A_prefix_over_the_limit_is_malformed_before_the_frame_has_come(LengthPrefix prefix, string arrived) =>
        Malformed(new LengthPrefixedFraming(prefix, 10), arrived);

    [Fact(Timeout = 60_000)]
    public async Task A_frame_that_its_prefix_cannot_tell_is_not_written()
    {
        await Task.Yield();
        Assert.Throws<ArgumentException>(() => Written(new LengthPrefixedFraming(LengthPrefix.UInt8, 1000), new string('x', 256)));
    }

    [Fact(Timeout = 60_000)]
    public async Task Raw_bytes_are_cut_at_the_limit()
    {
        await NeedsMore(new RawFraming(4), "");
        await Frame(new RawFraming(4), "abc", "abc", "");
        await Frame(new RawFraming(4), "ab|cde", "abcd", "e");
    }

    [Fact(Timeout = 60_000)]
    public async Task A_line_is_written_with_its_end()
    {
        await Task.Yield();
        Assert.Equal("hello\n", Written(new LineFraming(5), "hello"));
    }

    private static Task Frame(IFraming framing, string arrived, string expected, string left)
    {
        var unread = Pieces.Of(arrived.Split('|'));
        Assert.Equal(FrameRead.Frame, framing.TryRead(ref unread, out var frame, out _));
        Assert.Equal((expected, left), (Pieces.Text(frame), Pieces.Text(unread)));
        return Task.CompletedTask;
    }

    private static Task NeedsMore(IFraming framing, string arrived)
    {
        var unread = Pieces.Of(arrived.Split('|'));
        var before = unread.Length;
        Assert.Equal(FrameRead.NeedMore, framing.TryRead(ref unread, out _, out _));
        Assert.Equal(before, unread.Length);
        return Task.CompletedTask;
    }

    private static Task Malformed(IFraming framing, string arrived)
    {
        var unread = Pieces.Of(arrived.Split('|'));
        Assert.Equal(FrameRead.Malformed, framing.TryRead(ref unread, out _, out var error));
        Assert.NotNull(error);
        return Task.CompletedTask;
    }

    private static string Written(IFraming framing, string frame)
    {
        var output = new ArrayBufferWriter<byte>();
        framing.Write(Encoding.Latin1.GetBytes(frame), output);
        return Encoding.Latin1.GetString(output.WrittenSpan);
    }
}
