using System.Collections.Concurrent;

namespace WatchReload.Hosting.Tests.Kernel;

/// <summary>Copies states; that of one of them when the test lets it, or not at all.</summary>
internal sealed class HeldMapping : IDisposable
{
    private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _released = new();
    private readonly ConcurrentQueue<Trace> _asked = new();

    /// <summary>Whose next mapping waits.</summary>
    public volatile Trace? HoldsNext;

    public (Trace Of, Exception Fault)? Throws { get; set; }

    public Task Entered => _entered.Task;

    public object Map(object state)
    {
        var from = (Trace)state;
        _asked.Enqueue(from);
        if (Throws is var (faulty, fault) && ReferenceEquals(from, faulty)) throw fault;
        var copy = from.Copy();
        if (ReferenceEquals(from, HoldsNext))
        {
            HoldsNext = null;
            _entered.TrySetResult();
            _released.Wait();
        }

        return copy;
    }

    public bool WasAskedFor(Trace state) => _asked.Contains(state);

    public void Forget() => _asked.Clear();

    public void Release() => _released.Set();

    public void Dispose()
    {
        _released.Set();
        _released.Dispose();
    }
}
