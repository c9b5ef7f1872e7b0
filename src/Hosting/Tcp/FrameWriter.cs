using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using WatchReload.Actors;
using WatchReload.Hosting.Kernel;

namespace WatchReload.Hosting.Tcp;

/// <summary>
/// Sends what turns write, and keeps what waits for the peer below a limit.
/// </summary>
/// <remarks>
/// Theory of operation. Writing goes into the transport's pipe until a flush does not complete: then half the outbound limit waits
/// for the peer (the pipe's pause threshold). Meanwhile turns write into <see cref="_overflow"/>, no frame is read, and past the other half the
/// peer is disconnected.
/// What can never happen: two pending flushes; bytes of two turns out of order.
/// </remarks>
internal sealed class FrameWriter(ActorInlet inlet, PipeWriter output, IFraming framing, int limit)
{
    private readonly Lock _lock = new();
    private readonly ArrayBufferWriter<byte> _overflow = new();
    private readonly ArrayBufferWriter<byte> _raw = new();
    private IFraming _framing = framing;
    private int _limit = limit;
    private bool _flushing;
    private bool _stopped;
    private TaskCompletionSource? _drained;

    /// <summary>Unframed bytes.</summary>
    public IBufferWriter<byte> Raw => _raw;

    /// <summary>Whether half the limit waits for the peer.</summary>
    public bool IsBlocked
    {
        get
        {
            lock (_lock) return _flushing;
        }
    }

    public void Write(ReadOnlySpan<byte> frame)
    {
        TakeRaw();
        lock (_lock)
        {
            if (_stopped) return;
            _framing.Write(frame, _flushing ? _overflow : output);
        }
    }

    public void WriteText(string text)
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

    /// <summary>The turn has ended.</summary>
    public void Flush()
    {
        TakeRaw();
        lock (_lock)
        {
            if (_stopped) return;
            if (_flushing)
            {
                if (_overflow.WrittenCount <= _limit / 2) return;
            }
            else
            {
                if (output is { CanGetUnflushedBytes: true, UnflushedBytes: 0 }) return;
                StartFlush();
                return;
            }
        }

        inlet.Actor.RequestStop(StopReason.OutboundLimit);
    }

    public void Change(IFraming next, int nextLimit)
    {
        lock (_lock) (_framing, _limit) = (next, nextLimit);
    }

    /// <summary>No turn writes any more.</summary>
    public void Stop()
    {
        TakeRaw();
        lock (_lock) _stopped = true;
    }

    /// <summary>Waits until all that turns have written is in the transport's hands.</summary>
    public async Task Drain()
    {
        Task? drained = null;
        lock (_lock)
        {
            if (_flushing) drained = (_drained = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }

        if (drained is not null) await drained;
        await output.FlushAsync();
    }

    /// <summary>Unframed bytes keep their place among the frames.</summary>
    private void TakeRaw()
    {
        if (_raw.WrittenCount == 0) return;
        lock (_lock)
        {
            if (!_stopped) (_flushing ? _overflow : (IBufferWriter<byte>)output).Write(_raw.WrittenSpan);
        }

        _raw.ResetWrittenCount();
    }

    private void StartFlush()
    {
        ValueTask<FlushResult> flush;
        try
        {
            flush = output.FlushAsync();
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
        lock (_lock)
        {
            _flushing = false;
            if (Observe(flush) && _overflow.WrittenCount > 0)
            {
                output.Write(_overflow.WrittenSpan);
                _overflow.ResetWrittenCount();
                StartFlush();
            }

            if (_flushing) return;
            _drained?.TrySetResult();
        }

        inlet.Actor.InletReady();
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

        inlet.Actor.RequestStop(StopReason.PeerAborted);
        return false;
    }
}
