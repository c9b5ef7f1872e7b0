using System.Buffers;

namespace WatchReload.Hosting.Tcp;

/// <summary>Bytes that wait to be taken all at once. When they are, it holds no more memory than <see cref="MostKept"/>: there may be many connections, and each may once have had much to say.</summary>
internal sealed class PendingBytes : IBufferWriter<byte>
{
    /// <summary>Enough for those that write a little over and over.</summary>
    private const int MostKept = 4096;

    private ArrayBufferWriter<byte> _bytes = new();

    public int Count => _bytes.WrittenCount;

    public ReadOnlySpan<byte> Span => _bytes.WrittenSpan;

    public Memory<byte> GetMemory(int sizeHint = 0) => _bytes.GetMemory(sizeHint);

    public Span<byte> GetSpan(int sizeHint = 0) => _bytes.GetSpan(sizeHint);

    public void Advance(int count) => _bytes.Advance(count);

    public void Clear()
    {
        if (_bytes.Capacity > MostKept) _bytes = new ArrayBufferWriter<byte>();
        else _bytes.ResetWrittenCount();
    }
}
