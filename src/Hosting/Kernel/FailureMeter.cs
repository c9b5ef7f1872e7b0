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

    /// <summary>Who has failed since a commit, in the version that it replaced as well.</summary>
    public FailedActors Since(CommitPoint commit)
    {
        lock (_failures) return new([.. _failures.Where(f => f.Time >= commit.Time)]);
    }

    /// <summary>
    /// The ten minutes before a commit, or what is held of them: no more than the node has run, and than there was room for. However long ago the commit is, nothing
    /// that failed since then is among it.
    /// </summary>
    public EarlierFailures Before(CommitPoint commit)
    {
        lock (_failures)
        {
            var held = time.GetElapsedTime(_since, commit.Time);
            var length = held < Kept ? held : Kept;
            return new(
                [.. _failures.Where(f => f.Time <= commit.Time && f.Version != commit.Version && !_disregarded.Contains(f.Version))
                    .Select(f => new EarlierFailure(time.GetElapsedTime(f.Time, commit.Time), f.Actor, f.Cause))
                    .Where(f => f.Ago <= length)],
                length);
        }
    }

    /// <summary>What failed in that version is not to be expected of those to come: the node has gone back from it.</summary>
    public void Disregard(int version)
    {
        lock (_failures) _disregarded.Add(version);
    }
}
