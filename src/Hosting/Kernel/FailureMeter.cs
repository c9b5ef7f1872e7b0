namespace WatchReload.Hosting.Kernel;

/// <summary>Which actors failed when, in which version, and through whom, for ten minutes: what probation compares.</summary>
internal sealed class FailureMeter(TimeProvider time)
{
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);
    private const int Most = 100_000;
    private readonly Queue<Failure> _failures = new();
    private readonly HashSet<int> _disregarded = [];

    /// <summary>From then on all are held.</summary>
    private long _since = time.GetTimestamp();

    private long _total;

    public long Total => Interlocked.Read(ref _total);

    /// <param name="client">Who has caused it; null when no client did.</param>
    public void Add(long actor, int version, string? client)
    {
        Interlocked.Increment(ref _total);
        lock (_failures)
        {
            while (_failures.TryPeek(out var oldest) && (_failures.Count >= Most || time.GetElapsedTime(oldest.Time) > Kept))
            {
                _failures.Dequeue();
                _since = oldest.Time;
            }

            _failures.Enqueue(new Failure(time.GetTimestamp(), actor, version, client));
        }
    }

    /// <summary>Who has failed within the time before now.</summary>
    public FailedActors Within(TimeSpan before)
    {
        lock (_failures)
        {
            var failures = _failures.Where(f => time.GetElapsedTime(f.Time) <= before).ToList();
            return new(failures.Select(f => f.Actor).ToHashSet(), failures.Select(f => f.Cause).Distinct().Count());
        }
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

    private readonly record struct Failure(long Time, long Actor, int Version, string? Client)
    {
        public Cause Cause => Client is null ? new(null, Actor) : new(Client, 0);
    }
}

/// <summary>A client, which has many connections and counts once, or else an actor that failed by itself.</summary>
internal readonly record struct Cause(string? Client, long Actor);

/// <param name="Ids">All of them.</param>
/// <param name="Causes">Those that failed by themselves, and the clients that made the others fail.</param>
internal sealed record FailedActors(IReadOnlySet<long> Ids, int Causes);
