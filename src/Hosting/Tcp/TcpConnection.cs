using System.Buffers;
using Microsoft.AspNetCore.Connections;
using WatchReload.Actors;
using WatchReload.Hosting.Kernel;

namespace WatchReload.Hosting.Tcp;

/// <summary>One accepted connection as the inlet of its actor: a <see cref="FrameReader"/>, a <see cref="FrameWriter"/>, and how it closes.</summary>
internal sealed class TcpConnection : ActorInlet
{
    /// <summary>How long a peer may take to read what is left when its connection is closed.</summary>
    private static readonly TimeSpan CloseDeadline = TimeSpan.FromSeconds(30);

    private readonly ConnectionContext _transport;
    private readonly FrameReader _reader;
    private readonly FrameWriter _writer;
    private readonly Action<TcpConnection> _closed;
    private IFraming _framing;
    private CodeVersion? _framedBy;
    private volatile CodeVersion? _held;

    /// <param name="framedBy">The version that the framing is of.</param>
    /// <param name="pauseThreshold">What the transport buffers before a flush of it waits for the peer.</param>
    public TcpConnection(ConnectionContext transport, AcceptedConnection accepted, IFraming framing, CodeVersion? framedBy, int outboundLimit, int pauseThreshold, Action<TcpConnection> closed)
    {
        _transport = transport;
        _reader = new FrameReader(this, transport.Transport.Input, framing);
        _writer = new FrameWriter(this, transport.Transport.Output, framing, outboundLimit, pauseThreshold);
        (_framing, _framedBy) = (framing, framedBy);
        _closed = closed;
        Connection = accepted;
    }

    public override AcceptedConnection Connection { get; }

    public override CodeVersion? Holds => _held;

    public long BytesReceived => _reader.Received;

    public long BytesSent => _writer.Sent;

    public override IBufferWriter<byte> Output => _writer.Raw;

    public override InletRead TryRead(out ReadOnlyMemory<byte> frame, out string? error, out StopReason ended)
    {
        ended = StopReason.PeerClosed;
        // The end of the flush wakes the actor.
        if (!_writer.IsBlocked) return _reader.TryRead(out frame, out error);
        frame = default;
        error = null;
        return InletRead.Empty;
    }

    public override void TurnEnded()
    {
        _reader.Release();
        _writer.TurnEnded();
    }

    public override void Write(ReadOnlySpan<byte> frame) => _writer.Write(frame);

    public override void WriteText(string text) => _writer.WriteText(text);

    public override void Flush() => _writer.Flush();

    public override void ChangedOver(CodeVersion version)
    {
        if (version is not IListenerSource source || source.Listener(Connection.Listener) is not var (framing, limit))
        {
            Hold();
            return;
        }

        _writer.Change(framing, limit);
        _reader.Change(framing);
        LetGo();
        (_framing, _framedBy) = (framing, version);
    }

    public override void Stopped(StopReason reason)
    {
        _writer.Stop();
        LetGo();
        _ = Close(reason);
    }

    /// <summary>Ends the connection without waiting for the peer.</summary>
    public void Abort() => _transport.Abort(new ConnectionAbortedException("The peer is not waited for any longer."));

    /// <summary>A listener that is declared no more has its connections until probation ends. A framing of the service's own is of its version's container, which must not be disposed of meanwhile.</summary>
    private void Hold()
    {
        if (_held is not null || _framing.GetType().Assembly == typeof(TcpConnection).Assembly) return;
        _framedBy?.ActorJoined();
        _held = _framedBy;
    }

    private void LetGo()
    {
        var held = _held;
        (_held, _framedBy) = (null, null);
        held?.ActorLeft();
    }

    /// <summary>Sends what is buffered, unless the peer is gone or does not read, and closes.</summary>
    private async Task Close(StopReason reason)
    {
        try
        {
            // The limit may have been passed when the actor was stopping already, for another reason. An orderly end would say that the peer has all there was.
            if (reason is StopReason.PeerAborted or StopReason.OutboundLimit || _writer.IsOverLimit) CutOff(new ConnectionAbortedException(reason.ToString()));
            else await _writer.Drain().WaitAsync(CloseDeadline, Actor.Kernel.Time);

            _reader.LetGo();
            await _transport.Transport.Output.CompleteAsync();
            await _transport.Transport.Input.CompleteAsync();
        }
        catch (Exception cause)
        {
            // The peer is gone, or does not read any more: there is nobody to tell.
            CutOff(new ConnectionAbortedException("The peer took too long to read the end.", cause));
        }

        try
        {
            await End();
        }
        finally
        {
            _closed(this);
        }
    }

    private void CutOff(ConnectionAbortedException reason)
    {
        _writer.Abandon();
        _transport.Abort(reason);
    }

    /// <summary>The transport ends when the peer has taken what is buffered, or is cut off.</summary>
    private async Task End()
    {
        var disposing = _transport.DisposeAsync().AsTask();
        try
        {
            await disposing.WaitAsync(CloseDeadline, Actor.Kernel.Time);
        }
        catch (TimeoutException)
        {
            Abort();
            await disposing;
        }
    }
}
