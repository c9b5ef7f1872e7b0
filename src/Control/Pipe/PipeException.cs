namespace WatchReload.Control;

public enum PipeFailure
{
    /// <summary>No process listens under that name.</summary>
    NobodyListens,

    /// <summary>Another process already listens under that name, in the same state directory.</summary>
    NameInUse,

    /// <summary>The proof by the cookie was missing or wrong, or its nonce was used or expired.</summary>
    Unauthorized,

    /// <summary>The process answered that it cannot do this: no such route, bad request, wrong state.</summary>
    Rejected,

    /// <summary>The process failed at it, by a defect of its own.</summary>
    Defect,

    /// <summary>No answer by the deadline, or the connection was not even taken by its own. Whether the request was carried out is not known.</summary>
    TimedOut,

    /// <summary>The connection ended in the middle. Whether the request was carried out is not known.</summary>
    Lost,
}

/// <summary>A request over the pipe that has no answer, or none that was hoped for.</summary>
public sealed class PipeException(PipeFailure failure, string cause, string remedy, Exception? inner = null) : ControlException(cause, remedy, inner)
{
    public PipeFailure Failure { get; } = failure;

    /// <summary>The HTTP status, when there was an answer.</summary>
    public int? Status { get; init; }
}
