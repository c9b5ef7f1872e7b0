using WatchReload.Control;

namespace WatchReload.Hosting.Upgrading;

/// <summary>A release on trial, without anything that would hold its version.</summary>
/// <param name="Content">The release's content hash.</param>
/// <param name="WayBack">The release to go back to; null when there is none, or data would be lost.</param>
internal sealed record Trial(Probation Probation, string Release, string Content, ReleaseManifest? WayBack);
