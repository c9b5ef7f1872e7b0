using System.Security.Cryptography;
using WatchReload.Control;

namespace WatchReload.Daemon.Releases;

/// <summary>A staged release: complete, synced, read-only.</summary>
/// <param name="Directory">Absolute.</param>
/// <param name="ManifestHash">SHA-256 of the bytes of release.json, lower-case hex.</param>
internal sealed record Release(ReleaseManifest Manifest, string Directory, string ManifestHash)
{
    public string Id => Manifest.Id;

    /// <summary>Whether every file is what the manifest says. Packages are looked at when a set is put.</summary>
    public bool IsWhole(CancellationToken cancellation) => Manifest.Files.All(file =>
    {
        try
        {
            using var there = File.OpenRead(Path.Combine(Directory, file.Path));
            cancellation.ThrowIfCancellationRequested();
            return there.Length == file.Length && Convert.ToHexStringLower(SHA256.HashData(there)) == file.Sha256;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    });
}
