using WatchReload.Control;

namespace WatchReload.Builder.Lanes;

/// <summary>Chooses the cheapest lane that is right. The only place that does.</summary>
internal static class LaneChooser
{
    /// <summary>NuGet's assets are missing, or name a package that is not in the cache: found out by a build, cured by a restore.</summary>
    private static readonly HashSet<string> StaleAssets = new(StringComparer.Ordinal) { "NETSDK1004", "NETSDK1005", "NETSDK1047", "NETSDK1064" };

    /// <summary>An import is missing; it may come with a package.</summary>
    private const string ImportNotFound = "MSB4019";

    /// <param name="asked">What the request asks for.</param>
    /// <param name="staleAssets">Why NuGet's assets are not those of the tree; null when they are.</param>
    public static LaneChoice Choose(BuildLane asked, string? staleAssets) => asked switch
    {
        BuildLane.Restore => new(BuildLane.Restore, "asked for"),
        BuildLane.Build => new(BuildLane.Build, "asked for"),
        _ when staleAssets is not null => new(BuildLane.Restore, staleAssets),
        BuildLane.Auto => new(BuildLane.Build, null),
        _ => new(BuildLane.Build, $"no {asked.ToString().ToLowerInvariant()} lane for this change"),
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
