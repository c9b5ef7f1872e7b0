using System.Collections.Concurrent;

namespace WatchReload.Hosting.Kernel;

/// <summary>A message that reached nobody. Text only: the message itself would hold its version.</summary>
internal sealed record DeadLetter(DateTimeOffset Time, string Actor, string MessageType, string Reason);

/// <summary>Counts dead letters and keeps the last ones.</summary>
internal sealed class DeadLetters(TimeProvider time)
{
    private const int Kept = 100;
    private readonly ConcurrentQueue<DeadLetter> _last = new();
    private long _count;

    public long Count => Interlocked.Read(ref _count);

    public IReadOnlyCollection<DeadLetter> Last => _last.ToArray();

    public void Add(ActorCell actor, object message, string reason)
    {
        Interlocked.Increment(ref _count);
        _last.Enqueue(new DeadLetter(time.GetUtcNow(), actor.ToString(), SourceNames.Full(message.GetType()), reason));
        while (_last.Count > Kept) _last.TryDequeue(out _);
    }
}
