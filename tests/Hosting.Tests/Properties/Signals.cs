namespace WatchReload.Hosting.Tests.Properties;

/// <summary>What all clients of a <see cref="Traffic"/> look at between two lines.</summary>
internal sealed class Signals
{
    private volatile bool _isOver;
    private volatile bool _nodeStops;
    private volatile Pause? _pause;

    /// <summary>Nothing more is to be told.</summary>
    public bool IsOver { get => _isOver; set => _isOver = value; }

    /// <summary>From now on it is no failure that a connection ends.</summary>
    public bool NodeStops { get => _nodeStops; set => _nodeStops = value; }

    /// <summary>Where all are to wait, once they have been answered.</summary>
    public Pause? Pause { get => _pause; set => _pause = value; }
}

/// <summary>A time in which nobody tells anything.</summary>
internal sealed class Pause(int clients)
{
    private readonly TaskCompletionSource _isOver = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _left = clients;

    /// <summary>Each client has been answered all that it has told.</summary>
    public bool IsReached => Volatile.Read(ref _left) == 0;

    public Task Wait()
    {
        Interlocked.Decrement(ref _left);
        return _isOver.Task;
    }

    public void End() => _isOver.SetResult();
}
