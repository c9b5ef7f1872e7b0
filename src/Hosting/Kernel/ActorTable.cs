using System.Buffers;
using System.Runtime.CompilerServices;

namespace WatchReload.Hosting.Kernel;

/// <summary>
/// All actors by id. In parts with a lock each, so that spawning scales, a growing part holds up few, and all processors can work on all actors.
/// </summary>
internal sealed class ActorTable
{
    private const int Parts = 64;
    private const int Neighbours = 256;
    private const int LongestStretch = 64;
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
        // First: an actor that is seen, and may stop at once, has been counted. Whoever waits for none to be left would otherwise miss it, or its end.
        Interlocked.Increment(ref _count);
        lock (part) part.Add(actor.Id.Value, actor);
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
    public void InParallel(Action<ArraySegment<ActorCell>> work, CancellationToken cancellation)
    {
        OwnThreads.ForEach(
            Stretches(),
            stretch =>
            {
                work(stretch.Actors);
                stretch.Done();
            },
            cancellation);
    }

    private IEnumerable<Stretch> Stretches()
    {
        foreach (var part in _parts)
        {
            var actors = part.Copy();
            var left = new StrongBox<int>((actors.Count + LongestStretch - 1) / LongestStretch);
            for (var at = 0; at < actors.Count; at += LongestStretch) yield return new Stretch(actors, at, Math.Min(LongestStretch, actors.Count - at), left);
        }
    }

    // Actors that were spawned one after the other mostly lie so in memory: those who go through all should meet them so.
    private Part PartOf(long id) => _parts[(id / Neighbours) % Parts];

    private sealed class Part : Dictionary<long, ActorCell>
    {
        public PooledCopy Copy()
        {
            lock (this) return new PooledCopy(Values);
        }
    }

    /// <summary>Actors that mostly lie beside each other in memory.</summary>
    /// <param name="left">How many stretches of the copy are not done.</param>
    private readonly struct Stretch(PooledCopy copy, int at, int count, StrongBox<int> left)
    {
        public ArraySegment<ActorCell> Actors => copy.Segment(at, count);

        /// <summary>The last one gives the array back. After a failure nobody does, and it is garbage.</summary>
        public void Done()
        {
            if (Interlocked.Decrement(ref left.Value) == 0) copy.Dispose();
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

        public ArraySegment<ActorCell> Segment(int at, int count) => new(_actors, at, count);

        public void Dispose() => ArrayPool<ActorCell>.Shared.Return(_actors, clearArray: true);
    }
}
