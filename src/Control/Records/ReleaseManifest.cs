namespace WatchReload.Control;

/// <summary>
/// <c>release.json</c>: what a release consists of. Written by the daemon when it stages a release, checked by the node before it
/// loads a byte. Paths are relative to the release (or package set) directory, with <c>/</c>; hashes are lower-case hex SHA-256.
/// </summary>
public sealed record ReleaseManifest
{
    public const string FileName = "release.json";
    public const int CurrentFormat = 1;

    public int Format { get; init; } = CurrentFormat;

    /// <summary>Sortable, from the persisted sequence: <c>r000042</c> or longer.</summary>
    public required string Id { get; init; }

    /// <summary>Full commit id, or null where there is no git.</summary>
    public string? Commit { get; init; }

    /// <summary>Whether the tree was that commit and nothing else.</summary>
    public bool Clean { get; init; }

    /// <summary>Hash over all build inputs: what is loaded is what the tree says when this equals the tree's.</summary>
    public required string SourceHash { get; init; }

    /// <summary>Hash over files, package set and entry, without id, commit, time: equal means "unchanged".</summary>
    public required string ContentHash { get; init; }

    public required string Lane { get; init; }
    public required string Configuration { get; init; }
    public required string Sdk { get; init; }

    /// <summary>Version of WatchReload.Actors that the service was built against.</summary>
    public required string ActorsVersion { get; init; }

    /// <summary>Lowest runtime that it runs on, such as <c>10.0</c>.</summary>
    public required string Runtime { get; init; }

    public required DateTimeOffset Time { get; init; }

    /// <summary>Who asked for it: a user name, or the pusher.</summary>
    public string? By { get; init; }

    /// <summary>Simple name of the assembly that has the <c>IService</c>.</summary>
    public required string EntryAssembly { get; init; }

    public required IReadOnlyList<ReleaseFile> Files { get; init; }

    /// <summary>The packages, kept once a set in <c>packages/HASH/</c>; null when the service has none.</summary>
    public PackageSet? Packages { get; init; }

    /// <summary>Simple names of those assemblies of the packages that are loaded with each version, as they cache what they know of a service's types.</summary>
    public IReadOnlyList<string> PerVersion { get; init => field = value ?? []; } = [];
}

public enum ReleaseFileKind
{
    /// <summary>An assembly of the service project or its project references.</summary>
    Hot,

    /// <summary>Its symbols.</summary>
    Symbols,

    /// <summary>A file of a package.</summary>
    Package,

    /// <summary>Anything else: appsettings.json, static files.</summary>
    Content,
}

/// <param name="Path">Relative, with <c>/</c>.</param>
/// <param name="Mvid">Of assemblies only.</param>
public sealed record ReleaseFile(string Path, long Length, string Sha256, ReleaseFileKind Kind, Guid? Mvid = null);

/// <param name="Hash">Names the directory <c>packages/HASH/</c>: SHA-256 over the files' paths and hashes.</param>
public sealed record PackageSet(string Hash, IReadOnlyList<ReleaseFile> Files);
