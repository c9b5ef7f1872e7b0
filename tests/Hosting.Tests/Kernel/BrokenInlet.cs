using System.Buffers;
using System.Net;
using WatchReload.Actors;
using WatchReload.Hosting.Kernel;

namespace WatchReload.Hosting.Tests.Kernel;

/// <summary>A connection on which nothing arrives and nothing is sent; sending fails when the test says so.</summary>
internal sealed class BrokenInlet(IPAddress? remote = null) : ActorInlet
{
    private int _failsNext;

    public override AcceptedConnection Connection { get; } = new("broken", new IPEndPoint(remote ?? IPAddress.Loopback, 1), new IPEndPoint(IPAddress.Loopback, 2));

    public override IBufferWriter<byte> Output => throw new NotSupportedException();

    public bool HasFailed { get; private set; }

    public void FailNext() => Volatile.Write(ref _failsNext, 1);

    public override InletRead TryRead(out ReadOnlyMemory<byte> frame, out string? error, out StopReason ended)
    {
        (frame, error, ended) = (default, null, default);
        return InletRead.Empty;
    }

    public override void TurnEnded()
    {
    }

    public override void Write(ReadOnlySpan<byte> frame) => throw new NotSupportedException();

    public override void WriteText(string text) => throw new NotSupportedException();

    public override void Flush()
    {
        if (Interlocked.Exchange(ref _failsNext, 0) == 0) return;
        HasFailed = true;
        throw new InvalidOperationException("a defect of the node");
    }

    public override void ChangedOver(CodeVersion version)
    {
    }

    public override void Stopped(StopReason reason)
    {
    }
}
