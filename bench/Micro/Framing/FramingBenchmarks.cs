using System.Buffers;
using BenchmarkDotNet.Attributes;
using WatchReload.Actors;
using WatchReload.Hosting.Tcp;

namespace WatchReload.Bench.Micro.Framing;

/// <summary>Frames cut out of received bytes. Figures are for one frame of <see cref="FrameLength"/> bytes.</summary>
public class FramingBenchmarks
{
    private const int Frames = 100;

    private readonly LineFraming _lines = new(maxLength: 4096);
    private readonly LengthPrefixedFraming _prefixed = new(LengthPrefix.UInt32BigEndian, maxLength: 4096);
    private readonly ArrayBufferWriter<byte> _output = new();
    private byte[] _frame = [];
    private ReadOnlySequence<byte> _asLines;
    private ReadOnlySequence<byte> _asLinesInPieces;
    private ReadOnlySequence<byte> _asPrefixed;

    [Params(16, 1024)]
    public int FrameLength { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        _frame = new byte[FrameLength];
        _frame.AsSpan().Fill((byte)'x');
        var lines = Written(_lines);
        _asLines = new ReadOnlySequence<byte>(lines);
        _asLinesInPieces = Pieces.Of(lines, size: FrameLength * 3 / 2);
        _asPrefixed = new ReadOnlySequence<byte>(Written(_prefixed));
    }

    [Benchmark(OperationsPerInvoke = Frames)]
    public long Lines() => Cut(_lines, _asLines);

    /// <summary>Most lines lie across the border of two buffers.</summary>
    [Benchmark(OperationsPerInvoke = Frames)]
    public long Lines_in_pieces() => Cut(_lines, _asLinesInPieces);

    [Benchmark(OperationsPerInvoke = Frames)]
    public long Length_prefixed() => Cut(_prefixed, _asPrefixed);

    [Benchmark(OperationsPerInvoke = Frames)]
    public int Lines_written()
    {
        _output.ResetWrittenCount();
        for (var i = 0; i < Frames; i++) _lines.Write(_frame, _output);
        return _output.WrittenCount;
    }

    private static long Cut(IFraming framing, ReadOnlySequence<byte> unread)
    {
        var (frames, bytes) = (0, 0L);
        while (framing.TryRead(ref unread, out var frame, out _) == FrameRead.Frame)
        {
            frames++;
            bytes += frame.Length;
        }

        return frames == Frames ? bytes : throw new InvalidOperationException($"{frames} of {Frames} frames were found.");
    }

    private byte[] Written(IFraming framing)
    {
        var output = new ArrayBufferWriter<byte>();
        for (var i = 0; i < Frames; i++) framing.Write(_frame, output);
        return output.WrittenSpan.ToArray();
    }
}
