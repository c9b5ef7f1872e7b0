namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>How far an object is; see <see cref="MappingRun"/>.</summary>
internal enum MetState
{
    Known,
    Open,
    Deferred,
    Done,
}

/// <summary>An old object that a run has met, under one mapping.</summary>
internal struct MetObject
{
    public object Old;

    /// <summary>The new one; null while it is made late and not made yet.</summary>
    public object? Fresh;

    /// <summary>What the mapping keeps between visit and finish.</summary>
    public object? Kept;
    public ObjectMapping Mapping;
    public MetState State;

    /// <summary>Where it was met first.</summary>
    public Slot Via;
    public int Parent;
    public int Element;
    public int Depth;

    /// <summary>Must be finished after its parts.</summary>
    public bool Again;

    /// <summary>Finished once, and some part was missing.</summary>
    public bool Incomplete;
}
