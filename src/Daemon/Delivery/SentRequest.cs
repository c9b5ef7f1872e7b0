namespace WatchReload.Daemon.Delivery;

/// <summary>
/// A request that may change a node, from when it is sent. Nothing takes it back: the node goes on with it, whoever asked. So whoever gives up learns what came of it all
/// the same, and writes it down; but does not wait for ever.
/// </summary>
internal sealed class SentRequest : IDisposable
{
    /// <summary>A CodeChange and a hold take 30 s each.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(70);

    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenRegistration _givingUp;

    /// <exception cref="OperationCanceledException">Given up before it was sent.</exception>
    public SentRequest(TimeProvider time, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var source = _source = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _givingUp = cancellation.Register(() => source.CancelAfter(Patience));
    }

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        _givingUp.Dispose();
        _source.Dispose();
    }
}
