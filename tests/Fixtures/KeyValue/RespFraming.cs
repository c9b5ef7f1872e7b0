using System.Buffers;
using System.Buffers.Text;
using WatchReload.Actors;

namespace WatchReload.Fixtures.KeyValue;

/// <summary>A frame is one RESP array of bulk strings, as clients send commands: <c>*2\r\n$3\r\nGET\r\n$1\r\nk\r\n</c>.</summary>
public sealed class RespFraming : IFraming
{
    private const int MaxParts = 16;
    private const int MaxPartBytes = 64 * 1024;
    private const int MaxHeaderBytes = 16;

    public FrameRead TryRead(ref ReadOnlySequence<byte> unread, out ReadOnlySequence<byte> frame, out string? error)
    {
        frame = default;
        var reader = new SequenceReader<byte>(unread);
        var read = Header(ref reader, '*', MaxParts, out var parts, out error);
        for (var part = 0; read == FrameRead.Frame && part < parts; part++)
        {
            read = Header(ref reader, '$', MaxPartBytes, out var length, out error);
            if (read == FrameRead.Frame) read = Skip(ref reader, length, out error);
        }

        if (read != FrameRead.Frame) return read;
        frame = unread.Slice(0, reader.Position);
        unread = unread.Slice(reader.Position);
        return FrameRead.Frame;
    }

    public void Write(ReadOnlySpan<byte> frame, IBufferWriter<byte> output) => output.Write(frame);

    /// <summary>The parts of a frame that <see cref="TryRead"/> has cut.</summary>
    public static IReadOnlyList<byte[]> Parts(ReadOnlyMemory<byte> frame)
    {
        var reader = new SequenceReader<byte>(new ReadOnlySequence<byte>(frame));
        _ = Header(ref reader, '*', MaxParts, out var count, out _);
        var parts = new byte[count][];
        for (var part = 0; part < count; part++)
        {
            _ = Header(ref reader, '$', MaxPartBytes, out var length, out _);
            parts[part] = reader.UnreadSequence.Slice(0, length).ToArray();
            reader.Advance(length + 2);
        }

        return parts;
    }

    private static FrameRead Header(ref SequenceReader<byte> reader, char kind, int max, out int value, out string? error)
    {
        value = 0;
        error = null;
        if (reader.TryPeek(out var first) && first != kind) return Malformed($"'{kind}' was expected", out error);
        if (!reader.TryReadTo(out ReadOnlySpan<byte> line, "\r\n"u8))
            return reader.Remaining > MaxHeaderBytes ? Malformed("a number was expected", out error) : FrameRead.NeedMore;
        if (line.Length < 2 || !Utf8Parser.TryParse(line[1..], out value, out var digits) || digits != line.Length - 1 || value < 0 || value > max)
            return Malformed($"a number from 0 to {max} was expected", out error);
        return FrameRead.Frame;
    }

    private static FrameRead Skip(ref SequenceReader<byte> reader, int length, out string? error)
    {
        error = null;
        if (reader.Remaining < length + 2) return FrameRead.NeedMore;
        reader.Advance(length);
        return reader.IsNext("\r\n"u8, advancePast: true) ? FrameRead.Frame : Malformed("the part is longer than its length", out error);
    }

    private static FrameRead Malformed(string what, out string? error)
    {
        error = what;
        return FrameRead.Malformed;
    }
}
