namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>What is known of one old type. Read without a lock, written under the set's.</summary>
internal sealed class PairsOfType
{
    private (Type Slot, bool ByShape, Pair Pair)[] _bySlot = [];
    private Pair[] _pairs = [];

    public IReadOnlyList<Pair> Pairs => Volatile.Read(ref _pairs);

    /// <summary>The pair for a place of type <paramref name="slot"/>.</summary>
    public Pair? For(Type slot, bool byShape)
    {
        foreach (var known in Volatile.Read(ref _bySlot))
        {
            if (known.Slot == slot && known.ByShape == byShape) return known.Pair;
        }

        return null;
    }

    public Pair? To(Type target, bool byShape) => Array.Find(_pairs, p => p.New == target && p.ByShape == byShape);

    public void Add(Pair pair) => Volatile.Write(ref _pairs, [.. _pairs, pair]);

    public void Add(Type slot, bool byShape, Pair pair) => Volatile.Write(ref _bySlot, [.. _bySlot, (slot, byShape, pair)]);
}
