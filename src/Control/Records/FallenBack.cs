namespace WatchReload.Control;

/// <summary>What <c>nodes/NAME/fallback</c> holds.</summary>
/// <param name="Failed">The release that the node could not start on.</param>
/// <param name="Instead">What it is started on since.</param>
public sealed record FallenBack(string Failed, string Instead);
