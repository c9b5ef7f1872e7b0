namespace WatchReload.Hosting.Kernel;

/// <summary>Which actors failed when, in which version, and on whose behalf, for ten minutes: what probation compares.</summary>
internal sealed class FailureMeter(TimeProvider time)
{
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);
    private const int Most = 100_000;
    private readonly Queue<FailedTurn> _failures = new();
    private readonly HashSet<int> _disregarded = [];

    /// <summary>From then on all are held.</summary>
    private long _since = time.GetTimestamp();

    private long _total;

    public long Total => Interlocked.Read(ref _total);

    public void Add(FailedTurn failure)
    {
        Interlocked.Increment(ref _total);
        lock (_failures)
        {
            while (_failures.TryPeek(out var oldest) && (_failures.Count >= Most || time.GetElapsedTime(oldest.Time) > Kept))
            {
                _failures.Dequeue();
                _since = oldest.Time;
            }

            _failures.Enqueue(failure);
        }
    }

    /// <summary>Who has failed within the time before now.</summary>
    public FailedActors Within(TimeSpan before)
    {
        lock (_failures) return new([.. _failures.Where(f => time.GetElapsedTime(f.Time) <= before)]);
    }

    /// <summary>The ten minutes before now, or what is held of them: no more than the node has run, and than there was room for.</summary>
    public EarlierFailures Earlier()
    {
        lock (_failures)
        {
            var now = time.GetTimestamp();
            var held = time.GetElapsedTime(_since, now);
            var length = held < Kept ? held : Kept;
            return new([.. _failures.Where(f => !_disregarded.Contains(f.Version)).Select(f => new EarlierFailure(time.GetElapsedTime(f.Time, now), f.Actor, f.Cause)).Where(f => f.Ago <= length)], length);
        }
    }

    /// <summary>What failed in that version is not to be expected of those to come: the node has gone back from it.</summary>
    public void Disregard(int version)
    {
        lock (_failures) _disregarded.Add(version);
    }
}
