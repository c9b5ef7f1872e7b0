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
        var first = unread.FirstSpan;
        if ((first.Length > maxLength ? first[..(maxLength + 1)] : first).IndexOf((byte)'\n') is >= 0 and var at)
        {
            frame = unread.Slice(0, at > 0 && first[at - 1] == '\r' ? at - 1 : at);
            unread = unread.Slice(at + 1);
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
