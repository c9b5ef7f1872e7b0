using System.Text.Json;
using WatchReload.Control;

namespace WatchReload.Daemon.Releases;

/// <summary>release.json on disk. Its bytes are what the manifest hash is over: nobody writes it a second time.</summary>
internal static class ManifestFile
{
    private const int LargestBytes = 64 << 20;
    private static readonly ControlJson _indented = new(new JsonSerializerOptions(ControlJson.Default.Options) { WriteIndented = true });

    /// <summary>Writes it, synced and read-only; returns the manifest hash.</summary>
    public static string Write(string directory, ReleaseManifest manifest)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(manifest, _indented.ReleaseManifest);
        var path = Path.Combine(directory, ReleaseManifest.FileName);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead;
        using (var file = new FileStream(path, options))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }

        if (OperatingSystem.IsWindows())
            File.SetAttributes(path, FileAttributes.ReadOnly);
        return ContentHashes.OfBytes(bytes);
    }

    /// <summary>The release in a directory, or why it is none.</summary>
    public static (Release? Release, string? Damage) Read(string directory)
    {
        var path = Path.Combine(directory, ReleaseManifest.FileName);
        try
        {
            if (new FileInfo(path) is not { Exists: true, Length: <= LargestBytes })
                return (null, $"{path} is missing, or far too large.");
            var bytes = File.ReadAllBytes(path);
            var manifest = JsonSerializer.Deserialize(bytes, ControlJson.Default.ReleaseManifest);
            return Damage(manifest, Path.GetFileName(directory)) is { } damage ? (null, $"{path}: {damage}") : (new Release(manifest!, directory, ContentHashes.OfBytes(bytes)), null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return (null, $"{path}: {e.Message}");
        }
    }

    // The reader refuses nulls, but not those in lists.
    private static string? Damage(ReleaseManifest? manifest, string name) => manifest switch
    {
        null => "It holds null.",
        { Format: not ReleaseManifest.CurrentFormat } => $"Its format is {manifest.Format}; this version knows {ReleaseManifest.CurrentFormat}.",
        _ when manifest.Id != name => $"It says that it is {manifest.Id}.",
        _ when manifest.Files.Concat(manifest.Packages?.Files ?? []).Any(file => file is null) || manifest.PerVersion.Any(name => name is null) => "It is incomplete.",
        _ => null,
    };
}
