using System.Buffers;

namespace WatchReload.Hosting.Kernel;

/// <summary>
/// All actors by id. In parts with a lock each, so that spawning scales, a growing part holds up few, and all processors can work on all actors.
/// </summary>
internal sealed class ActorTable
{
    private const int Parts = 64;
    private const int Neighbours = 256;
    private readonly Part[] _parts = [.. Enumerable.Range(0, Parts).Select(_ => new Part())];
    private int _count;

    public int Count => Volatile.Read(ref _count);

    /// <summary>Those that are there; each part at the moment at which it is reached.</summary>
    public IEnumerable<ActorCell> All
    {
        get
        {
            foreach (var part in _parts)
            {
                using var actors = part.Copy();
                for (var i = 0; i < actors.Count; i++) yield return actors[i];
            }
        }
    }

    public void Add(ActorCell actor)
    {
        var part = PartOf(actor.Id.Value);
        lock (part) part.Add(actor.Id.Value, actor);
        Interlocked.Increment(ref _count);
    }

    public void Remove(ActorCell actor)
    {
        var part = PartOf(actor.Id.Value);
        bool found;
        lock (part) found = part.Remove(actor.Id.Value);
        if (found) Interlocked.Decrement(ref _count);
    }

    public ActorCell? Find(long id)
    {
        var part = PartOf(id);
        lock (part) return part.GetValueOrDefault(id);
    }

    /// <summary>Hands out all of them, in stretches, to all processors.</summary>
    public void InParallel(Action<ArraySegment<ActorCell>> work, CancellationToken cancellation) =>
        Parallel.For(0, Parts, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount }, index =>
        {
            using var actors = _parts[index].Copy();
            if (actors.Count > 0) work(actors.Segment);
        });

    // Actors that were spawned one after the other mostly lie so in memory: those who go through all should meet them so.
    private Part PartOf(long id) => _parts[(id / Neighbours) % Parts];

    private sealed class Part : Dictionary<long, ActorCell>
    {
        public PooledCopy Copy()
        {
            lock (this) return new PooledCopy(Values);
        }
    }

    /// <summary>Arrays of this size are not to be garbage at each reload and status.</summary>
    private readonly struct PooledCopy : IDisposable
    {
        private readonly ActorCell[] _actors;

        public PooledCopy(Dictionary<long, ActorCell>.ValueCollection actors)
        {
            Count = actors.Count;
            _actors = ArrayPool<ActorCell>.Shared.Rent(Count);
            actors.CopyTo(_actors, 0);
        }

        public int Count { get; }

        public ActorCell this[int index] => _actors[index];

        public ArraySegment<ActorCell> Segment => new(_actors, 0, Count);

        public void Dispose() => ArrayPool<ActorCell>.Shared.Return(_actors, clearArray: true);
    }
}
