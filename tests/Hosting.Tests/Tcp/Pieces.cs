using System.Buffers;
using System.Text;

namespace WatchReload.Hosting.Tests.Tcp;

/// <summary>A buffer of several segments, as bytes arrive.</summary>
internal sealed class Pieces : ReadOnlySequenceSegment<byte>
{
    public static ReadOnlySequence<byte> Of(params string[] pieces)
    {
        var first = new Pieces { Memory = Encoding.Latin1.GetBytes(pieces[0]) };
        var last = first;
        foreach (var piece in pieces.Skip(1))
        {
            var next = new Pieces { Memory = Encoding.Latin1.GetBytes(piece), RunningIndex = last.RunningIndex + last.Memory.Length };
            last.Next = next;
            last = next;
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    public static string Text(in ReadOnlySequence<byte> bytes) => Encoding.Latin1.GetString(bytes);
}
