using System.Security.Cryptography;
using System.Text.Json;
using WatchReload.Control;

namespace WatchReload.Hosting.Loading;

/// <summary><c>release.json</c>, checked before anything that it says is acted upon.</summary>
internal sealed record ManifestFile(ReleaseManifest Manifest, string Hash)
{
    private const int LargestBytes = 64 << 20;

    /// <summary>Null, with the reason among the problems, when the manifest cannot be trusted or understood.</summary>
    public static ManifestFile? Read(string directory, string? expectedHash, Problems problems)
    {
        byte[] bytes;
        try
        {
            var path = Path.Combine(directory, ReleaseManifest.FileName);
            bytes = new FileInfo(path).Length <= LargestBytes ? File.ReadAllBytes(path) : throw new IOException($"it has more than {LargestBytes} bytes");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            problems.AddDamage($"{directory} has no readable {ReleaseManifest.FileName}: {error.Message}");
            return null;
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        if (expectedHash is not null && !hash.Equals(expectedHash, StringComparison.OrdinalIgnoreCase))
        {
            problems.AddDamage($"{ReleaseManifest.FileName} in {directory} is not the one that was asked for (SHA-256 {hash} instead of {expectedHash}).");
            return null;
        }

        return Parse(bytes, directory, problems) is { } manifest ? new(manifest, hash) : null;
    }

    private static ReleaseManifest? Parse(byte[] bytes, string directory, Problems problems)
    {
        try
        {
            // The format first: a later one may lack what this one requires.
            using var json = JsonDocument.Parse(bytes);
            var format = json.RootElement.TryGetProperty("format", out var value) && value.TryGetInt32(out var number) ? number : 0;
            if (format != ReleaseManifest.CurrentFormat)
            {
                problems.Add(
                    $"{ReleaseManifest.FileName} in {directory} has format {format}; this node reads format {ReleaseManifest.CurrentFormat}.",
                    "Use a node and a watchreload command of the same version: restart the node with 'watchreload restart', or make the release anew.");
                return null;
            }

            var manifest = json.Deserialize(ControlJson.Default.ReleaseManifest)!;
            return IsComplete(manifest, directory, problems) ? manifest : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            problems.AddDamage($"{ReleaseManifest.FileName} in {directory} cannot be read: {error.Message}");
            return null;
        }
    }

    /// <summary>Paths that lead elsewhere, and nulls in lists, which the JSON reader lets pass.</summary>
    private static bool IsComplete(ReleaseManifest manifest, string directory, Problems problems)
    {
        var faults = new List<string>();
        if (manifest.Id != Path.GetFileName(directory))
        {
            faults.Add($"it is of release '{manifest.Id}'");
        }

        if (manifest.Packages is { } packages && !ReleasePath.IsHash(packages.Hash))
        {
            faults.Add($"its package set '{packages.Hash}' is not named by a hash");
        }

        if (manifest.PerVersion.Any(name => name is null))
        {
            faults.Add("it names no assembly where one is to be loaded with each version");
        }

        faults.AddRange(Faults(manifest.Files));
        faults.AddRange(Faults(manifest.Packages?.Files ?? []));
        if (faults.Count > 0)
        {
            problems.AddDamage($"{ReleaseManifest.FileName} in {directory} is refused: {string.Join("; ", faults)}.");
        }

        return faults.Count == 0;
    }

    private static IEnumerable<string> Faults(IReadOnlyList<ReleaseFile> files)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in files)
        {
            if (!ReleasePath.IsPlain(file?.Path))
            {
                yield return $"'{file?.Path}' is not a path within the release";
            }
            else if (!seen.Add(file!.Path))
            {
                yield return $"'{file.Path}' is there twice";
            }
        }
    }
}
