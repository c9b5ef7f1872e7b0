using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace WatchReload.Hosting.Kernel;

/// <summary>
/// Whose states take longer to copy than the closed gate has time for. Whether that is certain or may have been the machine's doing: a busy processor, or a
/// collection, holds up any state for some milliseconds, but seldom for many, or twice the same one.
/// </summary>
internal sealed class SlowStates
{
    /// <summary>States that take longer than this to copy are not copied under the gate.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(2);

    /// <summary>What takes as long as this would not be quick at another time.</summary>
    public static readonly TimeSpan ByFar = 10 * Limit;

    private readonly ConcurrentDictionary<ActorCell, bool> _certain = new();
    private int _count;

    /// <summary>It took too long when it was copied last.</summary>
    public bool Contains(ActorCell actor) => _certain.ContainsKey(actor);

    /// <summary>To copy it again is of no use: it took too long by far, or twice.</summary>
    public bool IsCertain(ActorCell actor) => _certain.TryGetValue(actor, out var isCertain) && isCertain;

    /// <summary>The actor's state was copied in that time. Not by two threads for the same actor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Took(ActorCell actor, TimeSpan time)
    {
        if (time > Limit)
        {
            if (_certain.TryAdd(actor, time > ByFar)) Interlocked.Increment(ref _count);
            else _certain[actor] = true;
        }
        else if (Volatile.Read(ref _count) > 0 && _certain.TryRemove(actor, out _))
        {
            Interlocked.Decrement(ref _count);
        }
    }
}
