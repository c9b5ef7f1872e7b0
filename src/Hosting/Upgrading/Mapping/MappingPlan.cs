namespace WatchReload.Hosting.Upgrading.Mapping;

internal enum MappingDirection
{
    Forward,

    /// <summary>To an older release: numbers narrow when the value fits, T? becomes T when there is a value, Downgrade is used.</summary>
    Rollback,
}

/// <summary>Whether data that was carried forward can be carried back.</summary>
internal enum Reversibility
{
    Yes,

    /// <summary>Possible, but something is lost on the way, or single values may not fit.</summary>
    Lossy,
    No,
}

/// <summary>What is known of a migration before any object is mapped.</summary>
/// <param name="Problems">Why it is refused: path, cause and remedy of each. Empty: it is possible.</param>
/// <param name="Removed">Paths of old members that go nowhere.</param>
/// <param name="Warnings">What may fail for single objects, or is probably not meant.</param>
/// <param name="Reversible">Whether there is a way back; computed forward only.</param>
/// <param name="Losses">Why it is not <see cref="Reversibility.Yes"/>.</param>
internal sealed record MappingPlan(
    IReadOnlyList<string> Problems,
    IReadOnlyList<string> Removed,
    IReadOnlyList<string> Warnings,
    Reversibility Reversible,
    IReadOnlyList<string> Losses)
{
    public bool Possible => Problems.Count == 0;

    /// <summary>Paths of members of the older type that nothing is left of, and that get their default; on the way back only.</summary>
    public IReadOnlyList<string> Given { get; init; } = [];
}
