using System.Security.Cryptography;
using WatchReload.Control;

namespace WatchReload.Daemon.Releases;

/// <summary>Compares files with what a manifest says of them, by what they hold.</summary>
internal static class FileContent
{
    /// <summary>Whether the file is there, can be read, and is what it should be.</summary>
    public static bool IsIn(this ReleaseFile file, string directory, CancellationToken cancellation)
    {
        try
        {
            using var there = File.OpenRead(Path.Combine(directory, file.Path));
            cancellation.ThrowIfCancellationRequested();
            return there.Length == file.Length && Convert.ToHexStringLower(SHA256.HashData(there)) == file.Sha256;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
