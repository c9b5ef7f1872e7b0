using System.Buffers;
using System.Buffers.Binary;
using WatchReload.Actors;

namespace WatchReload.Hosting.Tcp;

/// <summary>Frames with their length in front.</summary>
internal sealed class LengthPrefixedFraming(LengthPrefix prefix, int maxLength) : IFraming
{
    private readonly int _size = prefix switch
    {
        LengthPrefix.UInt8 => 1,
        LengthPrefix.UInt16BigEndian or LengthPrefix.UInt16LittleEndian => 2,
        _ => 4,
    };

    public FrameRead TryRead(ref ReadOnlySequence<byte> unread, out ReadOnlySequence<byte> frame, out string? error)
    {
        frame = default;
        error = null;
        if (unread.Length < _size) return FrameRead.NeedMore;
        Span<byte> bytes = stackalloc byte[4];
        unread.Slice(0, _size).CopyTo(bytes);
        long length = prefix switch
        {
            LengthPrefix.UInt8 => bytes[0],
            LengthPrefix.UInt16BigEndian => BinaryPrimitives.ReadUInt16BigEndian(bytes),
            LengthPrefix.UInt16LittleEndian => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            LengthPrefix.UInt32BigEndian => BinaryPrimitives.ReadUInt32BigEndian(bytes),
            _ => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        };
        if (length > maxLength)
        {
            error = $"a frame of {length} bytes, where {maxLength} are allowed";
            return FrameRead.Malformed;
        }

        if (unread.Length < _size + length) return FrameRead.NeedMore;
        frame = unread.Slice(_size, length);
        unread = unread.Slice(_size + length);
        return FrameRead.Frame;
    }

    public void Write(ReadOnlySpan<byte> frame, IBufferWriter<byte> output)
    {
        var most = _size switch { 1 => byte.MaxValue, 2 => ushort.MaxValue, _ => int.MaxValue };
        if (frame.Length > most) throw new ArgumentException($"A frame of {frame.Length} bytes does not fit a length of {_size} bytes.", nameof(frame));
        var target = output.GetSpan(_size + frame.Length);
        switch (prefix)
        {
            case LengthPrefix.UInt8: target[0] = (byte)frame.Length; break;
            case LengthPrefix.UInt16BigEndian: BinaryPrimitives.WriteUInt16BigEndian(target, (ushort)frame.Length); break;
            case LengthPrefix.UInt16LittleEndian: BinaryPrimitives.WriteUInt16LittleEndian(target, (ushort)frame.Length); break;
            case LengthPrefix.UInt32BigEndian: BinaryPrimitives.WriteUInt32BigEndian(target, (uint)frame.Length); break;
            default: BinaryPrimitives.WriteUInt32LittleEndian(target, (uint)frame.Length); break;
        }

        frame.CopyTo(target[_size..]);
        output.Advance(_size + frame.Length);
    }
}
