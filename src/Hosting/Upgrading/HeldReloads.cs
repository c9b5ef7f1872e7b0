using System.Collections.Concurrent;

namespace WatchReload.Hosting.Upgrading;

/// <summary>Prepared reloads that wait for a word from outside: how several nodes commit together.</summary>
internal sealed class HeldReloads(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<bool>> _held = new();

    private volatile bool _aborted;

    /// <summary>True: commit. False: abort, or nobody said anything in time.</summary>
    /// <param name="id">Under which it is held.</param>
    /// <param name="patience">So long.</param>
    /// <param name="tell">That it is held: whoever is told may decide at once.</param>
    public async Task<bool> Wait(string id, TimeSpan patience, Action tell)
    {
        var decision = _held.GetOrAdd(id, static _ => new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously));
        // Looked at after it has been added: AbortAll has seen it, or is seen here.
        Interlocked.MemoryBarrier();
        if (_aborted) decision.TrySetResult(false);
        try
        {
            tell();
            return await decision.Task.WaitAsync(patience, time);
        }
        catch (TimeoutException)
        {
            // Between the deadline and here somebody may have decided, and been told that it counts.
            return !_held.TryRemove(id, out _) && await decision.Task;
        }
        finally
        {
            _held.TryRemove(id, out _);
        }
    }

    /// <summary>The node stops: none is committed any more.</summary>
    public void AbortAll()
    {
        _aborted = true;
        Interlocked.MemoryBarrier();
        foreach (var id in _held.Keys) Decide(id, commit: false);
    }

    /// <summary>False: nothing is held under that id.</summary>
    public bool Decide(string id, bool commit) => _held.TryRemove(id, out var decision) && decision.TrySetResult(commit);
}
