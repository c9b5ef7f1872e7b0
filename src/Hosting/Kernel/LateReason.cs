namespace WatchReload.Hosting.Kernel;

/// <summary>Why an actor does not change over with the others.</summary>
internal enum LateReason
{
    /// <summary>Its turn is suspended, or still on a CPU.</summary>
    InTurn,

    /// <summary>Its state takes longer to carry over than the gate may be closed.</summary>
    SlowState,

    /// <summary>It was late before, and its state for the version that is to be replaced is still being made.</summary>
    StillChanging,

    /// <summary>It ran just before the gate closed, and the last round had no time left for it.</summary>
    NoTime,
}
