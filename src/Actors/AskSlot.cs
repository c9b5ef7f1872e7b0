namespace WatchReload.Actors;

/// <summary>
/// The waiting side of one request. The first completion wins. A reply that comes from another version, or holds what does, is made one of the asker's
/// by <see cref="Convert"/>, which the node sets.
/// </summary>
internal abstract class AskSlot
{
    private Action? _released;

    protected AskSlot() => Right = new ReplyRight(this);

    /// <summary>What states keep of it.</summary>
    public ReplyRight Right { get; }

    /// <summary>Makes of a reply what the asker waits for: as it is, if it is that. Throws when there is no way.</summary>
    public Func<AskSlot, object, object>? Convert { get; set; }

    /// <summary>The number of the version whose code waits; where types do not tell, of that which was current.</summary>
    public int AskedBy { get; set; }

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
    /// <summary>It is the same in all versions, and holds nothing. Known when the method is compiled.</summary>
    private static readonly bool s_isPlain = typeof(TReply).IsPrimitive || typeof(TReply) == typeof(string);

    private readonly TaskCompletionSource<TReply> _source = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<TReply> Reply => _source.Task;

    public override bool IsCompleted => _source.Task.IsCompleted;

    public override Type ReplyType => typeof(TReply);

    public override bool TryComplete(object? reply)
    {
        if (IsCompleted) return false;
        if (reply is not null && (reply is not TReply || (!s_isPlain && Convert is not null)))
        {
            try
            {
                reply = Convert?.Invoke(this, reply) ?? throw new InvalidCastException($"{reply.GetType()} is not {typeof(TReply)}");
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
