using WatchReload.Control;

namespace WatchReload.Builder.Replay;

/// <summary>What a build made.</summary>
/// <param name="Outputs">For the release.</param>
/// <param name="ActorsVersion">That the service was compiled against.</param>
internal sealed record Made(IReadOnlyList<BuildOutput> Outputs, string? ActorsVersion);
