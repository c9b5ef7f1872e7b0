using System.Security.Cryptography;
using System.Text.Json;
using WatchReload.Control;

namespace WatchReload.Hosting.Upgrading;

/// <summary>What a request is about, as far as it can be known before the release is loaded.</summary>
internal static class ReleaseContent
{
    /// <summary>The cause of a reload that the node itself has decided on.</summary>
    public const string ProbationCause = "probation";

    /// <summary>What release.json says; null when it is not the one that the request means: loading it tells why.</summary>
    public static ReleaseManifest? Of(ReloadRequest request)
    {
        try
        {
            var bytes = File.ReadAllBytes(Path.Combine(request.Directory, ReleaseManifest.FileName));
            return Convert.ToHexStringLower(SHA256.HashData(bytes)) == request.ManifestHash
                ? JsonSerializer.Deserialize(bytes, ControlJson.Default.ReleaseManifest)
                : null;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>The request that brings back an earlier release.</summary>
    public static ReloadRequest WayBack(ReleaseManifest to, NodeServices node) => new()
    {
        Release = to.Id,
        Directory = node.State.Release(to.Id),
        ManifestHash = "",
        ExpectInstance = node.Instance,
        ExpectVersion = node.Kernel.Current.Number,
        Fence = 0,
        Cause = ProbationCause,
        Rollback = true,
        Force = true,
    };
}
