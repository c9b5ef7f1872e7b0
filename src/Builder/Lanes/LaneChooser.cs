using WatchReload.Control;

namespace WatchReload.Builder.Lanes;

/// <summary>Chooses the cheapest lane that is right. The only place that does.</summary>
internal static class LaneChooser
{
    /// <summary>NuGet's assets are missing, or name a package that is not in the cache: found out by a build, cured by a restore.</summary>
    private static readonly HashSet<string> StaleAssets = new(StringComparer.Ordinal) { "NETSDK1004", "NETSDK1005", "NETSDK1047", "NETSDK1064" };

    /// <summary>An import is missing; it may come with a package.</summary>
    private const string ImportNotFound = "MSB4019";

    /// <summary>Whether the compiler's calls are made again, which needs no evaluation; if not, the reason is that of the slower lane.</summary>
    /// <param name="asked">What the request asks for.</param>
    /// <param name="refused">Why that would not be right; null when it would.</param>
    public static LaneChoice BeforeEvaluation(BuildLane asked, string? refused) => asked switch
    {
        BuildLane.Auto or BuildLane.Delta or BuildLane.Replay when refused is null => new(BuildLane.Replay, null),
        BuildLane.Auto or BuildLane.Delta or BuildLane.Replay => new(BuildLane.Build, refused),
        _ => new(BuildLane.Build, null),
    };

    /// <param name="asked">What the request asks for.</param>
    /// <param name="staleAssets">Why NuGet's assets are not those of the tree; null when they are.</param>
    public static LaneChoice Choose(BuildLane asked, string? staleAssets) => asked switch
    {
        BuildLane.Restore => new(BuildLane.Restore, "asked for"),
        BuildLane.Build => new(BuildLane.Build, "asked for"),
        _ when staleAssets is not null => new(BuildLane.Restore, staleAssets),
        _ => new(BuildLane.Build, null),
    };

    /// <summary>After an evaluation or a build has failed: whether a restore may cure it, and why.</summary>
    public static LaneChoice? AfterFailure(BuildLane asked, BuildLane failed, IEnumerable<BuildDiagnostic> diagnostics)
    {
        if (asked != BuildLane.Auto || failed == BuildLane.Restore)
            return null;
        var cause = diagnostics.FirstOrDefault(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error && (StaleAssets.Contains(diagnostic.Code) || diagnostic.Code == ImportNotFound));
        return cause is null ? null : new(BuildLane.Restore, $"{cause.Code}: {cause.Message}");
    }
}
