namespace WatchReload.Hosting.Kernel;

/// <summary>Which actors failed when, for ten minutes: what probation compares.</summary>
internal sealed class FailureMeter(TimeProvider time)
{
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);
    private const int Most = 100_000;
    private readonly Queue<(long Time, long Actor)> _failures = new();
    private long _total;

    public long Total => Interlocked.Read(ref _total);

    public void Add(long actor)
    {
        Interlocked.Increment(ref _total);
        lock (_failures)
        {
            while (_failures.TryPeek(out var oldest) && (_failures.Count >= Most || time.GetElapsedTime(oldest.Time) > Kept)) _failures.Dequeue();
            _failures.Enqueue((time.GetTimestamp(), actor));
        }
    }

    /// <summary>How many distinct actors failed between the two times before now.</summary>
    public int DistinctActors(TimeSpan from, TimeSpan to)
    {
        lock (_failures)
        {
            return _failures.Where(f => time.GetElapsedTime(f.Time) is var age && age <= from && age >= to).Select(f => f.Actor).Distinct().Count();
        }
    }
}
