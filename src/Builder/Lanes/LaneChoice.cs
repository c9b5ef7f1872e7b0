using WatchReload.Control;

namespace WatchReload.Builder.Lanes;

/// <param name="Reason">Why not a cheaper lane; null when there is none.</param>
internal sealed record LaneChoice(BuildLane Lane, string? Reason);
