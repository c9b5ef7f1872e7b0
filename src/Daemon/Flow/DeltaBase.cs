using WatchReload.Control;
using WatchReload.Daemon.Releases;

namespace WatchReload.Daemon.Flow;

/// <summary>What a delta is made against: the one node that takes it, as it is now.</summary>
/// <param name="Seat">The node.</param>
/// <param name="Status">What it has loaded.</param>
/// <param name="Release">The newest release before it: what the node goes back to.</param>
internal sealed record DeltaBase(NodeSeat Seat, NodeStatus Status, Release Release)
{
    public IReadOnlyList<LoadedAssembly> Loaded => Status.Loaded!;

    /// <summary>
    /// Why deltas do not bring the node all that the tree has: they are code alone, so that its assemblies, texts in other languages, content and packages must be in its release already, as they are in the newest one.
    /// That MSBuild has built nothing since is the builder's to know (<see cref="BuildRequest.BuildId"/>).
    /// Null when they are.
    /// </summary>
    /// <param name="built">The newest release that was built here; null when there is none.</param>
    public string? Lacks(ReleaseManifest? built)
    {
        if (built is null)
            return "no release has been built here yet, so that it is not known what the tree has beside code";
        var has = Release.Manifest;
        return (has.EntryAssembly, has.Packages?.Hash) == (built.EntryAssembly, built.Packages?.Hash) && has.PerVersion.SequenceEqual(built.PerVersion) && Beside(has).SetEquals(Beside(built))
            ? null
            : $"release {Release.Id}, which the node runs, has other assemblies, texts, content or packages than the tree";

        static HashSet<(string, string)> Beside(ReleaseManifest manifest) => [.. manifest.Files.Where(file => file.Kind != ReleaseFileKind.Symbols).Select(file => (file.Path, IsCode(file) ? "" : file.Sha256))];

        // Texts in other languages are assemblies that no delta changes.
        static bool IsCode(ReleaseFile file) => file.Kind == ReleaseFileKind.Hot && !file.Path.EndsWith(".resources.dll", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Why no order is answered by a delta; null when one may be.</summary>
    public static string? Hindrance(PipelineSettings settings, IReadOnlyList<NodeSeat> seats) =>
        settings.Verify ? "what is applied in place cannot be compared with what MSBuild makes (--verify)"
        : seats.Count != 1 ? "several nodes run, and a delta cannot be held until all have it"
        : settings.RefuseStragglers ? "stragglers are to be refused, and a delta cannot be taken back"
        : null;

    /// <summary>The base; or why an order, though it comes from <c>watch</c>, is not answered by a delta.</summary>
    public static async Task<(DeltaBase? Base, string? Why)> Find(PipelineSettings settings, IReadOnlyList<NodeSeat> seats, ReleaseStore releases, Order order, CancellationToken cancellation)
    {
        if (!settings.Deltas || order.Cause != "watch" || order.Force || order.Rehearse)
            return (null, null);
        if (Hindrance(settings, seats) is { } hindrance)
            return (null, hindrance);
        var seat = seats[0];
        if (await seat.Link.Status(cancellation) is not { Version: >= 1 } status)
            return (null, null); // it is to be started
        if (status.Loaded is null)
            return (null, "the node was not started for deltas");
        return releases.Find(status.Release!).Release is { } release && release.Manifest.Configuration == settings.Configuration
            ? (new DeltaBase(seat, status, release), null)
            : (null, $"release {status.Release}, which the node runs, is not here, or of another configuration");
    }
}
