namespace WatchReload.Actors;

/// <summary>
/// The waiting side of one request. The first completion wins. A reply that is not of the type the asker waits for (it comes
/// from another version) is handed to <see cref="Convert"/>, which the node sets.
/// </summary>
internal abstract class AskSlot
{
    private Action? _released;

    protected AskSlot() => Right = new ReplyRight(this);

    /// <summary>What states keep of it.</summary>
    public ReplyRight Right { get; }

    /// <summary>Maps a reply of another version to the awaited type; throws when there is no way.</summary>
    public Func<object, Type, object>? Convert { get; set; }

    public abstract bool IsCompleted { get; }

    public abstract Type ReplyType { get; }

    /// <summary>False when the request was answered already or is past its deadline.</summary>
    public abstract bool TryComplete(object? reply);

    public abstract bool TryFail(Exception cause);

    /// <summary>Called once when the slot completes, whichever way. Set before the request is queued.</summary>
    public void OnReleased(Action released) => _released = released;

    protected void Released()
    {
        Right.Release();
        Interlocked.Exchange(ref _released, null)?.Invoke();
    }
}

/// <summary>
/// A slot until it is completed. A state may keep the right to reply for ever, and the slot is of the asker's version: once there
/// is nothing more to answer, the right must not hold it.
/// </summary>
internal sealed class ReplyRight(AskSlot slot)
{
    private volatile AskSlot? _slot = slot;

    public AskSlot? Slot => _slot;

    public void Release() => _slot = null;
}

internal sealed class AskSlot<TReply> : AskSlot
{
    private readonly TaskCompletionSource<TReply> _source = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<TReply> Reply => _source.Task;

    public override bool IsCompleted => _source.Task.IsCompleted;

    public override Type ReplyType => typeof(TReply);

    public override bool TryComplete(object? reply)
    {
        if (IsCompleted) return false;
        if (reply is not TReply && reply is not null)
        {
            try
            {
                reply = Convert?.Invoke(reply, typeof(TReply)) ?? throw new InvalidCastException($"{reply.GetType()} is not {typeof(TReply)}");
            }
            catch (Exception cause)
            {
                return TryFail(new AskException(AskFailure.Unmappable, $"The reply came from another version and cannot be mapped: {cause.Message}", cause));
            }
        }

        var first = _source.TrySetResult((TReply)reply!);
        if (first) Released();
        return first;
    }

    public override bool TryFail(Exception cause)
    {
        var first = _source.TrySetException(cause);
        if (first) Released();
        return first;
    }
}
