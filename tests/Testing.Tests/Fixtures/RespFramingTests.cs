using System.Buffers;
using System.Text;
using WatchReload.Actors;
using WatchReload.Fixtures.KeyValue;

namespace WatchReload.Testing.Tests.Fixtures;

public sealed class RespFramingTests
{
    private const string Get = "*2\r\n$3\r\nGET\r\n$1\r\nk\r\n";

    [Fact(Timeout = 60_000)]
    public Task Frame_is_cut_where_the_array_ends()
    {
        var unread = Bytes(Get + "*1\r\n");
        Assert.Equal(FrameRead.Frame, new RespFraming().TryRead(ref unread, out var frame, out _));
        Assert.Equal(Get, Encoding.UTF8.GetString(frame));
        Assert.Equal("*1\r\n", Encoding.UTF8.GetString(unread));
        return Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public Task Nothing_is_taken_until_the_frame_is_whole()
    {
        for (var length = 0; length < Get.Length; length++)
        {
            var unread = Bytes(Get[..length]);
            Assert.Equal(FrameRead.NeedMore, new RespFraming().TryRead(ref unread, out _, out _));
            Assert.Equal(length, unread.Length);
        }

        return Task.CompletedTask;
    }

    [Theory(Timeout = 60_000)]
    [InlineData("GET k\r\n", "'*' was expected")]
    [InlineData("*99\r\n", "a number from 0 to 16 was expected")]
    [InlineData("*-1\r\n", "a number from 0 to 16 was expected")]
    [InlineData("*1\r\n$99999999\r\n", "a number from 0 to 65536 was expected")]
    [InlineData("*1\r\n$3\r\nGETT\r\n", "the part is longer than its length")]
    [InlineData("*11111111111111111111", "a number was expected")]
    public Task What_can_never_be_a_frame_is_malformed(string bytes, string what)
    {
        var unread = Bytes(bytes);
        Assert.Equal(FrameRead.Malformed, new RespFraming().TryRead(ref unread, out _, out var error));
        Assert.Equal(what, error);
        return Task.CompletedTask;
    }

    private static ReadOnlySequence<byte> Bytes(string text) => new(Encoding.UTF8.GetBytes(text));
}
