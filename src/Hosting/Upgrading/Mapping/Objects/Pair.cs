namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>
/// One pair of types under way. <see cref="Mapping"/> is set when planning has ended, unless there is a <see cref="Problem"/>.
/// </summary>
/// <param name="byShape">
/// Nested types are paired by shape where names do not pair them: an Upgrade's parameter declares old shapes under new names.
/// </param>
internal sealed class Pair(Type old, Type target, bool byShape)
{
    private Slot? _root;
    private int _reloaded;

    public Type Old { get; } = old;

    public Type New { get; } = target;

    public bool ByShape { get; } = byShape;

    public ObjectMapping? Mapping { get; set; }

    public string? Problem { get; set; }

    /// <summary>Whether the old type is of an assembly that is reloaded.</summary>
    public bool IsReloaded(TypePairs pairs)
    {
        if (_reloaded == 0) _reloaded = pairs.IsReloaded(Old) ? 2 : 1;
        return _reloaded == 2;
    }

    /// <summary>The slot of an object that is in no other, for a place of type <paramref name="target"/>.</summary>
    public Slot RootFor(Type target) => _root is { } root && root.Target == target ? root : _root = new Slot("", target, ByShape: false) { Exact = this };
}
