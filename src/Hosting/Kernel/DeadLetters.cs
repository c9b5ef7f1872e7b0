using System.Collections.Concurrent;
using WatchReload.Control;

namespace WatchReload.Hosting.Kernel;

/// <summary>Counts dead letters and keeps the last ones.</summary>
internal sealed class DeadLetters(TimeProvider time)
{
    private const int Kept = 100;
    private const int LongestReason = 500;
    private readonly ConcurrentQueue<DeadLetter> _last = new();
    private long _count;

    public long Count => Interlocked.Read(ref _count);

    public IReadOnlyList<DeadLetter> Last => _last.ToArray();

    public void Add(ActorCell actor, object message, string reason)
    {
        _last.Enqueue(new DeadLetter(time.GetUtcNow(), actor.ToString(), SourceNames.Full(message.GetType()), reason.Length > LongestReason ? reason[..LongestReason] + "…" : reason));
        while (_last.Count > Kept) _last.TryDequeue(out _);
        Interlocked.Increment(ref _count); // who sees it finds the letter
    }
}
