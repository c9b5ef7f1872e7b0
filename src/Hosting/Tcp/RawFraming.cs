using System.Buffers;
using WatchReload.Actors;

namespace WatchReload.Hosting.Tcp;

/// <summary>Whatever has arrived is a frame.</summary>
internal sealed class RawFraming(int maxLength) : IFraming
{
    public FrameRead TryRead(ref ReadOnlySequence<byte> unread, out ReadOnlySequence<byte> frame, out string? error)
    {
        error = null;
        frame = default;
        if (unread.IsEmpty) return FrameRead.NeedMore;
        frame = unread.Slice(0, Math.Min(unread.Length, maxLength));
        unread = unread.Slice(frame.End);
        return FrameRead.Frame;
    }

    public void Write(ReadOnlySpan<byte> frame, IBufferWriter<byte> output) => output.Write(frame);
}
