using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Connections;
using WatchReload.Actors;
using WatchReload.Hosting.Kernel;

namespace WatchReload.Hosting.Tcp;

/// <summary>
/// One accepted connection as the inlet of its actor.
/// </summary>
/// <remarks>
/// Theory of operation. Reading is pulled: the actor asks in its turn; when no whole frame has arrived, one ReadAsync is left
/// pending on the transport, and its completion wakes the actor. So there is never a frame read ahead of the actor, and
/// unread bytes stay in the transport's pipe, of no version.
/// Writing goes into the transport's pipe until a flush does not complete: then half the outbound limit waits for the peer (the pipe's pause
/// threshold). Meanwhile turns write into <see cref="_overflow"/>, no frame is read, and past the other half the peer is disconnected.
/// What can never happen: two pending reads or flushes; bytes of two turns out of order.
/// </remarks>
internal sealed class TcpConnection : ActorInlet
{
    /// <summary>How long a peer may take to read what is left when its connection is closed.</summary>
    private static readonly TimeSpan CloseDeadline = TimeSpan.FromSeconds(30);

    private readonly ConnectionContext _transport;
    private readonly Action<TcpConnection> _closed;
    private readonly Lock _output = new();
    private readonly ArrayBufferWriter<byte> _overflow = new();
    private readonly ArrayBufferWriter<byte> _raw = new();
    private IFraming _framing;
    private int _outboundLimit;
    private bool _flushing;
    private bool _readPending;
    private bool _ended;
    private byte[]? _copied;
    private ReadOnlySequence<byte> _unread;
    private SequencePosition _consumed;
    private bool _holding;
    private bool _stopped;
    private TaskCompletionSource? _drained;
    private ValueTask<ReadResult> _read;

    public TcpConnection(ConnectionContext transport, AcceptedConnection accepted, IFraming framing, int outboundLimit, Action<TcpConnection> closed)
    {
        _transport = transport;
        _closed = closed;
        _framing = framing;
        _outboundLimit = outboundLimit;
        Connection = accepted;
    }

    public override AcceptedConnection Connection { get; }

    public override IBufferWriter<byte> Output => _raw;

    public override InletRead TryRead(out ReadOnlyMemory<byte> frame, out string? error, out StopReason ended)
    {
        frame = default;
        error = null;
        ended = StopReason.PeerClosed;
        lock (_output)
        {
            // The flush's completion wakes the actor.
            if (_flushing) return InletRead.Empty;
        }

        while (true)
        {
            if (!_holding)
            {
                if (_ended) return InletRead.Ended;
                if (!Arrived(out var result)) return InletRead.Empty;
                _unread = result.Buffer;
                _consumed = _unread.Start;
                _holding = true;
                _ended = result.IsCompleted;
            }

            var before = _unread;
            switch (Cut(out var bytes, out error))
            {
                case FrameRead.Frame:
                    _consumed = _unread.Start;
                    frame = bytes.IsSingleSegment ? bytes.First : Copy(bytes);
                    return InletRead.Frame;
                case FrameRead.Malformed:
                    return InletRead.Malformed;
                default:
                    _unread = before;
                    GiveBack(examined: _unread.End);
                    break;
            }
        }
    }

    public override void Release()
    {
        if (_copied is not null)
        {
            ArrayPool<byte>.Shared.Return(_copied);
            _copied = null;
        }

        if (_holding && _unread.IsEmpty) GiveBack(examined: _unread.End);
    }

    public override void Write(ReadOnlySpan<byte> frame)
    {
        FlushRaw();
        lock (_output)
        {
            if (_stopped) return;
            _framing.Write(frame, _flushing ? _overflow : _transport.Transport.Output);
        }
    }

    public override void WriteText(string text)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        try
        {
            Write(bytes.AsSpan(0, Encoding.UTF8.GetBytes(text, bytes)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    public override void Flush()
    {
        FlushRaw();
        lock (_output)
        {
            if (_stopped) return;
            if (_flushing)
            {
                if (_overflow.WrittenCount <= _outboundLimit / 2) return;
            }
            else
            {
                if (_transport.Transport.Output is { CanGetUnflushedBytes: true, UnflushedBytes: 0 }) return;
                StartFlush();
                return;
            }
        }

        Actor.RequestStop(StopReason.OutboundLimit);
    }

    public override void ChangedOver(CodeVersion version)
    {
        if (version is not IListenerSource source || source.Listener(Connection.Listener) is not { } listener) return;
        lock (_output) (_framing, _outboundLimit) = listener;
        if (_holding) return;
        // Bytes that were no frame in the old framing may be one in the new.
        if (_readPending) _transport.Transport.Input.CancelPendingRead();
    }

    public override void Stopped(StopReason reason)
    {
        FlushRaw();
        lock (_output)
        {
            _stopped = true;
        }

        _ = Close(reason);
    }

    /// <summary>Ends the connection without waiting for the peer.</summary>
    public void Abort() => _transport.Abort(new ConnectionAbortedException("The peer is not waited for any longer."));

    private FrameRead Cut(out ReadOnlySequence<byte> bytes, out string? error)
    {
        try
        {
            return _framing.TryRead(ref _unread, out bytes, out error);
        }
        catch (Exception cause)
        {
            bytes = default;
            error = $"{_framing.GetType().Name} threw {cause.GetType().Name}: {cause.Message}";
            return FrameRead.Malformed;
        }
    }

    private bool Arrived(out ReadResult result)
    {
        result = default;
        try
        {
            if (!_readPending)
            {
                // Throws at once when the connection was lost meanwhile.
                _read = _transport.Transport.Input.ReadAsync();
                _readPending = true;
                if (!_read.IsCompleted)
                {
                    _read.GetAwaiter().UnsafeOnCompleted(Actor.InletReady);
                    return false;
                }
            }
            else if (!_read.IsCompleted)
            {
                return false;
            }

            _readPending = false;
            result = _read.GetAwaiter().GetResult();
            return true;
        }
        catch (Exception)
        {
            // Of whatever kind the transport's error is: the connection is lost.
            _readPending = false;
            _ended = true;
            Actor.RequestStop(StopReason.PeerAborted);
            return false;
        }
    }

    private void GiveBack(SequencePosition examined)
    {
        _holding = false;
        _transport.Transport.Input.AdvanceTo(_consumed, examined);
    }

    private ReadOnlyMemory<byte> Copy(in ReadOnlySequence<byte> bytes)
    {
        var length = checked((int)bytes.Length);
        _copied = ArrayPool<byte>.Shared.Rent(length);
        bytes.CopyTo(_copied);
        return _copied.AsMemory(0, length);
    }

    /// <summary>Unframed bytes keep their place among the frames.</summary>
    private void FlushRaw()
    {
        if (_raw.WrittenCount == 0) return;
        lock (_output)
        {
            if (!_stopped) (_flushing ? _overflow : (IBufferWriter<byte>)_transport.Transport.Output).Write(_raw.WrittenSpan);
        }

        _raw.ResetWrittenCount();
    }

    private void StartFlush()
    {
        ValueTask<FlushResult> flush;
        try
        {
            flush = _transport.Transport.Output.FlushAsync();
        }
        catch (Exception lost)
        {
            flush = ValueTask.FromException<FlushResult>(lost);
        }

        if (flush.IsCompleted)
        {
            Observe(flush);
            return;
        }

        _flushing = true;
        var awaiter = flush.GetAwaiter();
        awaiter.UnsafeOnCompleted(() => Flushed(flush));
    }

    private void Flushed(ValueTask<FlushResult> flush)
    {
        lock (_output)
        {
            _flushing = false;
            if (Observe(flush) && _overflow.WrittenCount > 0)
            {
                _transport.Transport.Output.Write(_overflow.WrittenSpan);
                _overflow.ResetWrittenCount();
                StartFlush();
            }

            if (_flushing) return;
            _drained?.TrySetResult();
        }

        Actor.InletReady();
    }

    /// <summary>False: the peer takes nothing any more.</summary>
    private bool Observe(ValueTask<FlushResult> flush)
    {
        try
        {
            if (!flush.GetAwaiter().GetResult().IsCompleted) return true;
        }
        catch (Exception)
        {
            // Of whatever kind the transport's error is: told below, as the other way of learning it.
        }

        Actor.RequestStop(StopReason.PeerAborted);
        return false;
    }

    /// <summary>Sends what is buffered, unless the peer is gone or does not read, and closes.</summary>
    private async Task Close(StopReason reason)
    {
        try
        {
            if (reason is StopReason.PeerAborted or StopReason.OutboundLimit)
                _transport.Abort(new ConnectionAbortedException(reason.ToString()));
            else
                await Drain().WaitAsync(CloseDeadline, Actor.Kernel.Time);

            if (_holding) GiveBack(examined: _unread.End);
            await _transport.Transport.Output.CompleteAsync();
            await _transport.Transport.Input.CompleteAsync();
        }
        catch (Exception cause)
        {
            // The peer is gone, or does not read any more: there is nobody to tell.
            _transport.Abort(new ConnectionAbortedException("The peer took too long to read the end.", cause));
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

    /// <summary>Waits until all that turns have written is in the transport's hands.</summary>
    private async Task Drain()
    {
        Task? drained = null;
        lock (_output)
        {
            if (_flushing) drained = (_drained = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }

        if (drained is not null) await drained;
        await _transport.Transport.Output.FlushAsync();
    }
}
