using System.Buffers;
using System.Text;
using WatchReload.Actors;

namespace WatchReload.Hosting.Tcp;

/// <summary>Lines that end with \n or \r\n.</summary>
internal sealed class LineFraming(int maxLength) : IFraming
{
    public FrameRead TryRead(ref ReadOnlySequence<byte> unread, out ReadOnlySequence<byte> frame, out string? error)
    {
        error = null;
        frame = default;
        if (Cut(unread.FirstSpan, out var cut) is > 0 and var taken)
        {
            frame = unread.Slice(0, cut);
            unread = unread.Slice(taken);
            return FrameRead.Frame;
        }

        // One more for the \r that may turn out to belong to the end.
        var window = unread.Length > maxLength + 2L ? unread.Slice(0, maxLength + 2L) : unread;
        if (window.PositionOf((byte)'\n') is { } end)
        {
            frame = unread.Slice(0, end);
            var length = frame.Length;
            if (length > 0 && Last(frame) == '\r') frame = frame.Slice(0, length - 1);
            if (frame.Length <= maxLength)
            {
                unread = unread.Slice(unread.GetPosition(1, end));
                return FrameRead.Frame;
            }
        }
        else if (window.Length <= maxLength || (window.Length == maxLength + 1L && Last(window) == '\r'))
        {
            return FrameRead.NeedMore;
        }

        frame = default;
        error = $"a line of more than {maxLength} bytes";
        return FrameRead.Malformed;
    }

    /// <summary>A line that is whole in one segment, and how many bytes are taken with it; 0: there is none.</summary>
    public int TryCut(ReadOnlyMemory<byte> segment, out ReadOnlyMemory<byte> frame)
    {
        var taken = Cut(segment.Span, out var length);
        frame = segment[..length];
        return taken;
    }

    private int Cut(ReadOnlySpan<byte> segment, out int length)
    {
        length = 0;
        var at = (segment.Length > maxLength ? segment[..(maxLength + 1)] : segment).IndexOf((byte)'\n');
        if (at > 0) length = segment[at - 1] == '\r' ? at - 1 : at;
        return at + 1;
    }

    /// <summary>Without a copy in between: for short texts, as room for the longest encoding is asked for.</summary>
    public static void Write(string text, IBufferWriter<byte> output)
    {
        var target = output.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length) + 1);
        var length = Encoding.UTF8.GetBytes(text, target);
        target[length] = (byte)'\n';
        output.Advance(length + 1);
    }

    public void Write(ReadOnlySpan<byte> frame, IBufferWriter<byte> output)
    {
        var target = output.GetSpan(frame.Length + 1);
        frame.CopyTo(target);
        target[frame.Length] = (byte)'\n';
        output.Advance(frame.Length + 1);
    }

    private static byte Last(in ReadOnlySequence<byte> bytes) => bytes.Slice(bytes.Length - 1).FirstSpan[0];
}
