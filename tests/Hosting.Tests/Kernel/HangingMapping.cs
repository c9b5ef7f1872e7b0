using System.Collections.Concurrent;

namespace WatchReload.Hosting.Tests.Kernel;

/// <summary>Maps states to themselves; those of some actors when the test lets it, and then no thread waits any more.</summary>
internal sealed class HangingMapping(params IReadOnlyList<Actor> hanging) : IDisposable
{
    private readonly ManualResetEventSlim _released = new();
    private readonly ConcurrentQueue<(Trace State, bool OnPool)> _asked = new();

    public int Hung => _asked.Count(asked => Hangs(asked.State));

    /// <summary>Whether a thread of the pool, which the turns of all actors need, has come here.</summary>
    public bool WasOnPool => _asked.Any(asked => asked.OnPool);

    public object Map(object state)
    {
        _asked.Enqueue(((Trace)state, Thread.CurrentThread.IsThreadPoolThread));
        if (Hangs((Trace)state)) _released.Wait();
        return state;
    }

    public bool WasAskedFor(Actor actor) => _asked.Any(asked => ReferenceEquals(asked.State, actor.Trace));

    public void Release() => _released.Set();

    public void Dispose()
    {
        _released.Set();
        _released.Dispose();
    }

    private bool Hangs(Trace state) => hanging.Any(actor => ReferenceEquals(actor.Trace, state));
}
