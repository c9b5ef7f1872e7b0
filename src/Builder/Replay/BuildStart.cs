using WatchReload.Control;

namespace WatchReload.Builder.Replay;

/// <summary>What was known just before MSBuild began.</summary>
/// <param name="At">The time.</param>
/// <param name="Hashes">Of the inputs that were known; null before the first build.</param>
/// <param name="Listing">Of the projects that were known; null before the first build.</param>
internal sealed record BuildStart(DateTime At, InputHashes? Hashes, TreeListing? Listing);
