namespace WatchReload.Hosting.Upgrading.Mapping;

/// <summary>How far an object is; see <see cref="MappingRun"/>.</summary>
internal enum MetState : byte
{
    Known,
    Open,
    Deferred,
    Done,
}

/// <summary>
/// An old object that a run has met, under one mapping. A large state is many of them: there is no room for what few runs need.
/// </summary>
internal struct MetObject
{
    public object Old;

    /// <summary>The new one; null while it is made late and not made yet.</summary>
    public object? Fresh;
    public ObjectMapping Mapping;

    /// <summary>Where it was met first.</summary>
    public Slot Via;
    public int Parent;
    public int Element;

    /// <summary>Of the same bucket of <see cref="IdentityMap"/>; -1 ends them.</summary>
    public int Next;
    public MetState State;

    /// <summary>Must be finished after its parts.</summary>
    public bool Again;

    /// <summary>Finished once, and some part was missing.</summary>
    public bool Incomplete;

    public readonly bool Is(object old, ObjectMapping mapping) => ReferenceEquals(Old, old) && Mapping == mapping;
}
