using WatchReload.Control;

namespace WatchReload.Daemon.Releases;

/// <summary>A staged release: complete, synced, read-only.</summary>
/// <param name="Directory">Absolute.</param>
/// <param name="ManifestHash">SHA-256 of the bytes of release.json, lower-case hex.</param>
internal sealed record Release(ReleaseManifest Manifest, string Directory, string ManifestHash)
{
    public string Id => Manifest.Id;

    /// <summary>Whether every file is what the manifest says, but for those of packages: <see cref="ReleaseStore.IsWhole"/>.</summary>
    public bool IsWhole(CancellationToken cancellation) => Manifest.Files.All(file => file.IsIn(Directory, cancellation));
}
