using System.Buffers;

namespace WatchReload.Hosting.Tcp;

/// <summary>Collects what a turn writes without framing. What has come to <paramref name="portion"/> bytes is taken at once, the rest when a frame follows or the turn ends.</summary>
internal sealed class UnframedBytes(int portion, Action<ReadOnlySpan<byte>> take) : IBufferWriter<byte>
{
    private readonly PendingBytes _bytes = new();

    public Memory<byte> GetMemory(int sizeHint = 0) => _bytes.GetMemory(sizeHint);

    public Span<byte> GetSpan(int sizeHint = 0) => _bytes.GetSpan(sizeHint);

    public void Advance(int count)
    {
        _bytes.Advance(count);
        if (_bytes.Count >= portion) Take();
    }

    public void Take()
    {
        if (_bytes.Count == 0) return;
        take(_bytes.Span);
        _bytes.Clear();
    }
}
