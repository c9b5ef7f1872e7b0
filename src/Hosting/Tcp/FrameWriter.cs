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
/// Theory of operation. Writing goes into the transport's pipe and is flushed when the actor has no other turn to run just then, or before, as soon as it comes to
/// the pipe's pause threshold, half the outbound limit. A flush that does not complete says that so much waits for the peer. Meanwhile
/// turns write into <see cref="_overflow"/>, no frame is read, and past the limit the peer is disconnected, in the middle of a turn too: what
/// the turn still writes is dropped. One frame may be larger than the limit; nothing may follow it before the peer has read.
/// What can never happen: two pending flushes; bytes of two turns out of order.
/// </remarks>
/// <param name="threshold">What may wait in the transport's pipe before a flush does not complete. It stays when the limit changes.</param>
internal sealed class FrameWriter(ActorInlet inlet, PipeWriter output, IFraming framing, int limit, int threshold)
{
    /// <summary>Texts up to this length in characters are encoded where they are sent from.</summary>
    private const int Short = 256;

    private readonly Lock _lock = new();
    private readonly PendingBytes _overflow = new();
    private IFraming _framing = framing;
    private int _limit = limit;
    private volatile bool _flushing; // changed under the lock
    private long _inFlush;
    private long _sent;
    private bool _stopped;
    private volatile bool _isOverLimit;
    private TaskCompletionSource? _drained;
    private UnframedBytes? _raw;

    /// <summary>Unframed bytes.</summary>
    public IBufferWriter<byte> Raw => _raw ??= new UnframedBytes(threshold, Append);

    /// <summary>Bytes handed to the transport so far.</summary>
    public long Sent => Volatile.Read(ref _sent);

    /// <summary>Something was dropped, so what the peer still gets is no whole.</summary>
    public bool IsOverLimit => _isOverLimit;

    /// <summary>Whether half the limit waits for the peer.</summary>
    public bool IsBlocked
    {
        get
        {
            if (!_flushing) return false;
            // With the lock the flush's end comes after what the actor wrote before it asked: else its wake-up could be overwritten.
            lock (_lock) return _flushing;
        }
    }

    public void Write(ReadOnlySpan<byte> frame)
    {
        _raw?.Take();
        lock (_lock)
        {
            if (_stopped) return;
            _framing.Write(frame, Target);
            Weigh();
        }
    }

    public void WriteText(string text)
    {
        if (text.Length <= Short)
        {
            _raw?.Take();
            lock (_lock)
            {
                if (_stopped) return;
                if (_framing is LineFraming)
                {
                    LineFraming.Write(text, Target);
                    Weigh();
                    return;
                }
            }
        }

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

    public void TurnEnded() => _raw?.Take();

    /// <summary>The turns have ended that follow each other at once; of one that is suspended, what it has written so far is sent too.</summary>
    public void Flush()
    {
        lock (_lock)
        {
            if (!_stopped && !_flushing && output is not { CanGetUnflushedBytes: true, UnflushedBytes: 0 }) StartFlush();
        }
    }

    public void Change(IFraming next, int nextLimit)
    {
        lock (_lock)
        {
            (_framing, _limit) = (next, nextLimit);
            Weigh();
        }
    }

    /// <summary>No turn writes any more.</summary>
    public void Stop()
    {
        _raw?.Take();
        lock (_lock) _stopped = true;
    }

    /// <summary>The transport is about to end: nothing is written to it any more, also when the flush under way completes.</summary>
    public void Abandon()
    {
        lock (_lock)
        {
            _stopped = true;
            _overflow.Clear();
        }
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
        Count();
        await output.FlushAsync();
    }

    /// <summary>What lies in the transport's buffer is on its way with the flush that follows.</summary>
    private void Count()
    {
        if (output.CanGetUnflushedBytes) Volatile.Write(ref _sent, _sent + output.UnflushedBytes);
    }

    private IBufferWriter<byte> Target => _flushing ? _overflow : output;

    /// <summary>Unframed bytes, in their place among the frames.</summary>
    private void Append(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            if (_stopped) return;
            Target.Write(bytes);
            Weigh();
        }
    }

    /// <summary>Something was written, or the limit has changed.</summary>
    private void Weigh()
    {
        if (!_flushing)
        {
            if (output is { CanGetUnflushedBytes: true } && output.UnflushedBytes >= threshold) StartFlush();
        }
        else if (_overflow.Count > Math.Max(0, _limit - _inFlush))
        {
            _stopped = _isOverLimit = true;
            inlet.Actor.RequestStop(StopReason.OutboundLimit);
        }
    }

    private void StartFlush()
    {
        Count();
        _inFlush = Math.Max(threshold, output.CanGetUnflushedBytes ? output.UnflushedBytes : 0);
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
            _flushing = false;
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
            if (Observe(flush) && _overflow.Count > 0)
            {
                output.Write(_overflow.Span);
                _overflow.Clear();
                StartFlush(); // whoever looks meanwhile still finds it blocked
            }
            else _flushing = false;

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
