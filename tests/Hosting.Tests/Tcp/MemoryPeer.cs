using System.IO.Pipelines;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Connections;
using WatchReload.Actors;
using WatchReload.Hosting.Kernel;
using WatchReload.Hosting.Tcp;
using WatchReload.Hosting.Tests.Kernel;

namespace WatchReload.Hosting.Tests.Tcp;

/// <summary>The other end of a connection whose transport is two pipes in memory.</summary>
internal sealed class MemoryPeer
{
    private readonly Pipe _toNode = new(new PipeOptions(minimumSegmentSize: 16, useSynchronizationContext: false));
    private readonly Pipe _fromNode;
    private readonly CountingWriter _sends;
    private readonly Func<bool> _isReset;
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public MemoryPeer(KernelHarness node, IFraming? framing = null, int outboundLimit = 4096)
    {
        _fromNode = new Pipe(new PipeOptions(pauseWriterThreshold: outboundLimit / 2, resumeWriterThreshold: outboundLimit / 4, useSynchronizationContext: false));
        _sends = new CountingWriter(_fromNode.Writer);
        var transport = new MemoryTransport("memory", new Duplex(_toNode.Reader, _sends), new Duplex(_fromNode.Reader, _toNode.Writer));
        _isReset = () => transport.IsAborted;
        var accepted = new AcceptedConnection("memory", new IPEndPoint(IPAddress.Loopback, 1), new IPEndPoint(IPAddress.Loopback, 2));
        var connection = new TcpConnection(transport, accepted, framing ?? new LineFraming(64), framedBy: null, outboundLimit, outboundLimit / 2, _ => _closed.SetResult());
        var trace = new Trace();
        Actor = new Actor(node.Kernel.Spawn(node.Kernel.Current.AcceptBehavior("memory")!, new ActorRole(ActorKind.Connection, "memory"), trace, connection), trace);
        Actor.Cell.Wake();
    }

    public Actor Actor { get; }

    /// <summary>How often something was sent.</summary>
    public int Sends => _sends.Count;

    /// <summary>The connection was reset: the peer does not take what it has read for all there was.</summary>
    public bool IsReset => _isReset();

    /// <summary>The connection's transport has ended.</summary>
    public Task Closed => _closed.Task;

    public void Turn(Action<IConnectionContext<Step>> turn) => Actor.Do(self => turn((IConnectionContext<Step>)self));

    public async Task Send(string bytes) => await _toNode.Writer.WriteAsync(Encoding.UTF8.GetBytes(bytes));

    public void FinishSending() => _toNode.Writer.Complete();

    public void Reset() => _toNode.Writer.Complete(new ConnectionResetException("reset by the test"));

    /// <summary>All that was sent, up to the end.</summary>
    public async Task<string> ReadToEnd()
    {
        using var reader = new StreamReader(_fromNode.Reader.AsStream());
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Takes as many bytes as that from what was sent.</summary>
    public async Task<string> Read(int count)
    {
        var result = await _fromNode.Reader.ReadAtLeastAsync(count, TestContext.Current.CancellationToken);
        var taken = result.Buffer.Slice(0, count);
        var text = Encoding.UTF8.GetString(taken);
        _fromNode.Reader.AdvanceTo(taken.End);
        return text;
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}

/// <summary>
/// An abort shows to the peer when the pipes are completed. The base class would also cancel its token on the pool, perhaps after it
/// was disposed of, which a real transport does not.
/// </summary>
internal sealed class MemoryTransport(string id, IDuplexPipe transport, IDuplexPipe application) : DefaultConnectionContext(id, transport, application)
{
    private volatile bool _isAborted;

    public bool IsAborted => _isAborted;

    /// <summary>The node completes the pipes next.</summary>
    public override void Abort(ConnectionAbortedException abortReason) => _isAborted = true;
}

/// <summary>Counts the flushes.</summary>
internal sealed class CountingWriter(PipeWriter writer) : PipeWriter
{
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public override bool CanGetUnflushedBytes => writer.CanGetUnflushedBytes;

    public override long UnflushedBytes => writer.UnflushedBytes;

    public override void Advance(int bytes) => writer.Advance(bytes);

    public override void CancelPendingFlush() => writer.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => writer.Complete(exception);

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _count);
        return writer.FlushAsync(cancellationToken);
    }

    public override Memory<byte> GetMemory(int sizeHint = 0) => writer.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => writer.GetSpan(sizeHint);
}
