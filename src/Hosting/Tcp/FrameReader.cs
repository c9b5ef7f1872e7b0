using System.Buffers;
using System.IO.Pipelines;
using WatchReload.Actors;
using WatchReload.Hosting.Kernel;

namespace WatchReload.Hosting.Tcp;

/// <summary>
/// Cuts what arrives into frames.
/// </summary>
/// <remarks>
/// Theory of operation. Reading is pulled: the actor asks in its turn; when no whole frame has arrived, one ReadAsync is left
/// pending on the transport, and its completion wakes the actor. So there is never a frame read ahead of the actor, and
/// unread bytes stay in the transport's pipe, of no version.
/// What can never happen: two pending reads; a frame that is overwritten while its turn runs.
/// </remarks>
internal sealed class FrameReader(ActorInlet inlet, PipeReader input, IFraming framing)
{
    private IFraming _framing = framing;
    private ValueTask<ReadResult> _read;
    private Action? _wake;
    private bool _readPending;
    private bool _ended;

    // What was read and not given back; frames refer to it.
    private bool _holding;
    private ReadOnlySequence<byte> _unread;
    private SequencePosition _consumed;

    // Lines are cut off what is unread without it, as long as they are whole in its first segment: a sequence is slow to cut.
    private ReadOnlyMemory<byte> _segment;
    private int _ahead;

    private byte[]? _copied;
    private long _carried;
    private long _received;

    /// <summary>Bytes from the transport so far.</summary>
    public long Received => Volatile.Read(ref _received);

    public InletRead TryRead(out ReadOnlyMemory<byte> frame, out string? error)
    {
        frame = default;
        error = null;
        while (true)
        {
            if (!_holding)
            {
                if (_ended) return InletRead.Ended;
                if (!Arrived(out var result)) return InletRead.Empty;
                _unread = result.Buffer;
                _consumed = _unread.Start;
                _segment = _unread.First;
                _holding = true;
                Volatile.Write(ref _received, _received + _unread.Length - _carried);
                _ended = result.IsCompleted;
            }

            if (_framing is LineFraming lines && lines.TryCut(_segment, out frame) is > 0 and var taken)
            {
                _segment = _segment[taken..];
                _ahead += taken;
                return InletRead.Frame;
            }

            CatchUp();
            if (_unread.IsEmpty)
            {
                // Nothing came but the end, or a wake-up for another framing: there is nothing to cut, and code of the service need not know what to make of that.
                GiveBack();
                continue;
            }

            var before = _unread;
            switch (Cut(out var bytes, out error))
            {
                case FrameRead.Frame:
                    _consumed = _unread.Start;
                    _segment = _unread.First;
                    frame = bytes.IsSingleSegment ? bytes.First : Copy(bytes);
                    return InletRead.Frame;
                case FrameRead.Malformed:
                    return InletRead.Malformed;
                default:
                    _unread = before;
                    GiveBack();
                    break;
            }
        }
    }

    /// <summary>The turn of the frame has ended.</summary>
    public void Release()
    {
        if (_copied is not null)
        {
            ArrayPool<byte>.Shared.Return(_copied);
            _copied = null;
        }

        if (_ahead == _unread.Length) LetGo();
    }

    /// <summary>What is held goes back to the transport.</summary>
    public void LetGo()
    {
        if (_holding) GiveBack();
    }

    public void Change(IFraming next)
    {
        _framing = next;
        // Bytes that were no frame in the old framing may be one in the new.
        if (!_holding && _readPending) input.CancelPendingRead();
    }

    /// <summary>With the lines that were cut without it.</summary>
    private void CatchUp()
    {
        _segment = default;
        if (_ahead == 0) return;
        _unread = _unread.Slice(_ahead);
        _consumed = _unread.Start;
        _ahead = 0;
    }

    private FrameRead Cut(out ReadOnlySequence<byte> bytes, out string? error)
    {
        try
        {
            var before = _unread.Length;
            var read = _framing.TryRead(ref _unread, out bytes, out error);
            if (read != FrameRead.Frame || _unread.Length < before) return read;
            error = $"{SourceNames.Short(_framing.GetType())} told a frame and took no byte of what is unread: it would tell the same one for ever";
            return FrameRead.Malformed;
        }
        catch (Exception cause)
        {
            bytes = default;
            error = $"{SourceNames.Short(_framing.GetType())} threw {SourceNames.Short(cause.GetType())}: {cause.Message}";
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
                _read = input.ReadAsync();
                _readPending = true;
                if (!_read.IsCompleted)
                {
                    _read.GetAwaiter().UnsafeOnCompleted(_wake ??= inlet.Actor.InletReady);
                    return false;
                }
            }
            else if (!_read.IsCompleted)
            {
                // That the actor found nothing ready may be seen by others only after this look, which would overwrite a wake-up that came between. So it looks once more behind a fence; what arrives before a frame is asked for pays nothing.
                Interlocked.MemoryBarrier();
                if (!_read.IsCompleted) return false;
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
            inlet.Actor.RequestStop(StopReason.PeerAborted);
            return false;
        }
    }

    private void GiveBack()
    {
        CatchUp();
        _holding = false;
        _carried = _unread.Length;
        input.AdvanceTo(_consumed, _unread.End);
    }

    private ReadOnlyMemory<byte> Copy(in ReadOnlySequence<byte> bytes)
    {
        var length = checked((int)bytes.Length);
        _copied = ArrayPool<byte>.Shared.Rent(length);
        bytes.CopyTo(_copied);
        return _copied.AsMemory(0, length);
    }
}
