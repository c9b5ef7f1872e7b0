using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using WatchReload.Actors;
using WatchReload.Hosting.Kernel;

namespace WatchReload.Testing;

/// <summary>What the peer did.</summary>
internal sealed record Arrival(InletRead Kind, byte[]? Frame = null, string? Error = null);

/// <summary>A connection in memory.</summary>
internal sealed class TestInlet(AcceptedConnection connection) : ActorInlet
{
    private readonly ConcurrentQueue<Arrival> _arrived = new();
    private readonly ConcurrentQueue<byte[]> _sent = new();
    private readonly ArrayBufferWriter<byte> _output = new();

    public override AcceptedConnection Connection => connection;

    public override IBufferWriter<byte> Output => _output;

    public void Arrived(Arrival arrival) => _arrived.Enqueue(arrival);

    public byte[]? TakeSent() => _sent.TryDequeue(out var sent) ? sent : null;

    public override InletRead TryRead(out ReadOnlyMemory<byte> frame, out string? error, out StopReason ended)
    {
        frame = default;
        error = null;
        ended = StopReason.PeerClosed;
        if (!_arrived.TryDequeue(out var arrival)) return InletRead.Empty;
        frame = arrival.Frame;
        error = arrival.Error;
        return arrival.Kind;
    }

    public override void TurnEnded() => TakeUnframed();

    public override void Write(ReadOnlySpan<byte> frame)
    {
        TakeUnframed();
        _sent.Enqueue(frame.ToArray());
    }

    public override void WriteText(string text) => Write(Encoding.UTF8.GetBytes(text));

    public override void Flush()
    {
    }

    public override void ChangedOver(CodeVersion version)
    {
    }

    public override void Stopped(StopReason reason) => TakeUnframed();

    /// <summary>Keeps the order of what was written framed and unframed.</summary>
    private void TakeUnframed()
    {
        if (_output.WrittenCount == 0) return;
        _sent.Enqueue(_output.WrittenSpan.ToArray());
        _output.ResetWrittenCount();
    }
}
