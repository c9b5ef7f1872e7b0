namespace WatchReload.Hosting.Kernel;

/// <summary>Which actors failed when, and through whom, for ten minutes: what probation compares.</summary>
internal sealed class FailureMeter(TimeProvider time)
{
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);
    private const int Most = 100_000;
    private readonly Queue<(long Time, long Actor, string? Client)> _failures = new();
    private long _total;

    public long Total => Interlocked.Read(ref _total);

    public void Add(long actor, string? client)
    {
        Interlocked.Increment(ref _total);
        lock (_failures)
        {
            while (_failures.TryPeek(out var oldest) && (_failures.Count >= Most || time.GetElapsedTime(oldest.Time) > Kept)) _failures.Dequeue();
            _failures.Enqueue((time.GetTimestamp(), actor, client));
        }
    }

    /// <summary>Who has failed within the time before now.</summary>
    public FailedActors Within(TimeSpan before)
    {
        lock (_failures)
        {
            var failures = _failures.Where(f => time.GetElapsedTime(f.Time) <= before).ToList();
            var clients = failures.Where(f => f.Client is not null).Select(f => f.Client).Distinct().Count();
            return new(failures.Select(f => f.Actor).ToHashSet(), clients + failures.Where(f => f.Client is null).Select(f => f.Actor).Distinct().Count());
        }
    }
}

/// <param name="Ids">All of them.</param>
/// <param name="Causes">Those that failed by themselves, and the clients that made the others fail: one client has many connections, and counts once.</param>
internal sealed record FailedActors(IReadOnlySet<long> Ids, int Causes);
