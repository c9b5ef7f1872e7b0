using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using WatchReload.Control;

namespace WatchReload.Tests;

/// <summary>What goes into a release.</summary>
internal sealed record ReleaseContents(CompiledAssembly Entry, params CompiledAssembly[] Others)
{
    /// <summary>Files of packages by path: <c>Serilog.dll</c>, <c>libx.so</c>, <c>fr/X.resources.dll</c>.</summary>
    public IReadOnlyDictionary<string, byte[]> Packages { get; init; } = new Dictionary<string, byte[]>();

    /// <summary>Assemblies of packages that are loaded with each version.</summary>
    public IReadOnlyList<string> PerVersion { get; init; } = [];

    /// <summary>Resource assemblies of hot assemblies, by path: <c>fr/Lobby.resources.dll</c>.</summary>
    public IReadOnlyDictionary<string, CompiledAssembly> Satellites { get; init; } = new Dictionary<string, CompiledAssembly>();

    public IReadOnlyDictionary<string, byte[]> Content { get; init; } = new Dictionary<string, byte[]>();

    /// <summary>The last word about the manifest.</summary>
    public Func<ReleaseManifest, ReleaseManifest> Edit { get; init; } = manifest => manifest;
}

internal sealed record WrittenRelease(ReleaseManifest Manifest, string Directory, string ManifestHash);

/// <summary>Lays out compiled assemblies as the daemon lays out a build: a release directory with release.json, packages beside it.</summary>
internal sealed class ReleaseWriter(StateDirectory state)
{
    private int _last;

    public WrittenRelease Write(CompiledAssembly entry, params CompiledAssembly[] others) => Write(new ReleaseContents(entry, others));

    public WrittenRelease Write(ReleaseContents contents)
    {
        var id = $"r{Interlocked.Increment(ref _last):D6}";
        var directory = state.Release(id);
        var files = new List<ReleaseFile>();
        foreach (var assembly in contents.Others.Prepend(contents.Entry))
        {
            files.Add(Put(directory, assembly.Name + ".dll", assembly.Image, ReleaseFileKind.Hot));
            files.Add(Put(directory, assembly.Name + ".pdb", assembly.Symbols, ReleaseFileKind.Symbols));
        }

        files.AddRange(contents.Satellites.Select(file => Put(directory, file.Key, file.Value.Image, ReleaseFileKind.Hot)));
        files.AddRange(contents.Content.Select(file => Put(directory, file.Key, file.Value, ReleaseFileKind.Content)));
        var packages = PutPackages(contents.Packages);
        var manifest = contents.Edit(new ReleaseManifest
        {
            Id = id,
            SourceHash = Hash(Encoding.UTF8.GetBytes(id)),
            ContentHash = HashOf(files, packages?.Hash),
            Lane = "build",
            Configuration = "Debug",
            Sdk = "10.0.100",
            ActorsVersion = typeof(Actors.IService).Assembly.GetName().Version!.ToString(3),
            Runtime = "10.0",
            Time = DateTimeOffset.UnixEpoch,
            EntryAssembly = contents.Entry.Name,
            Files = files,
            Packages = packages,
            PerVersion = contents.PerVersion,
        });
        return new(manifest, directory, WriteManifest(directory, JsonSerializer.SerializeToUtf8Bytes(manifest, ControlJson.Default.ReleaseManifest)));
    }

    /// <summary>Replaces release.json; returns its hash.</summary>
    public static string WriteManifest(string directory, byte[] json)
    {
        File.WriteAllBytes(Path.Combine(directory, ReleaseManifest.FileName), json);
        return Hash(json);
    }

    public static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private PackageSet? PutPackages(IReadOnlyDictionary<string, byte[]> packages)
    {
        if (packages.Count == 0)
        {
            return null;
        }

        var hash = HashOf(packages.Select(file => new ReleaseFile(file.Key, file.Value.Length, Hash(file.Value), ReleaseFileKind.Package)), null);
        return new(hash, [.. packages.Select(file => Put(state.PackageSet(hash), file.Key, file.Value, ReleaseFileKind.Package))]);
    }

    private static ReleaseFile Put(string directory, string path, byte[] bytes, ReleaseFileKind kind)
    {
        var target = Path.Combine(directory, path);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);

        // As in the product, a package set that is there already is not written again.
        if (kind != ReleaseFileKind.Package || !File.Exists(target))
        {
            File.WriteAllBytes(target, bytes);
        }

        return new(path, bytes.Length, Hash(bytes), kind, kind == ReleaseFileKind.Hot ? Mvid(bytes) : null);
    }

    private static Guid? Mvid(byte[] image)
    {
        try
        {
            using var file = new PEReader(new MemoryStream(image));
            var metadata = file.GetMetadataReader();
            return metadata.GetGuid(metadata.GetModuleDefinition().Mvid);
        }
        catch (BadImageFormatException)
        {
            return null; // damaged on purpose
        }
    }

    private static string HashOf(IEnumerable<ReleaseFile> files, string? packages) => Hash(Encoding.UTF8.GetBytes(
        packages + string.Join('\n', files.OrderBy(file => file.Path, StringComparer.Ordinal).Select(file => $"{file.Sha256} {file.Path}"))));
}
