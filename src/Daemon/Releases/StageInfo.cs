using WatchReload.Control;

namespace WatchReload.Daemon.Releases;

/// <summary>What a release says about where it came from, beside what its build says.</summary>
/// <param name="SourceHash">Hash over the inputs of the build, taken before it began.</param>
/// <param name="Commit">Full commit id; null where there is no git.</param>
/// <param name="Clean">Whether the tree was that commit and nothing else.</param>
/// <param name="By">Who asked for it.</param>
internal sealed record StageInfo(string Configuration, string SourceHash, string? Commit, bool Clean, string? By)
{
    /// <summary>Bytes that must be free beyond the release's own size.</summary>
    public long MinimumFreeSpace { get; init; }

    /// <summary>How many of the newest releases stay when room is made for this one; 0: none is made.</summary>
    public int Keep { get; init; }

    /// <summary>Bytes that they may take then; 0: no limit.</summary>
    public long MaximumSize { get; init; }

    /// <summary>Which outputs may be read.</summary>
    public OpenOutput Open { get; init; } = OutputAccess.Any;

    /// <summary>Ids of packages that are loaded with each version; <c>*</c> is any text.</summary>
    public IReadOnlyList<string> PerVersion { get; init; } = [];

    /// <summary>Simple names of the assemblies of such packages, for outputs that no longer say of what package they are; null where they do.</summary>
    public IReadOnlyList<string>? PerVersionAssemblies { get; init; }

    /// <summary>Looks at what would be the release, while there is none yet: why it is not to be one.</summary>
    public Func<ReleaseManifest, Failure?> Refuses { get; init; } = _ => null;

    /// <summary>Simple names of the assemblies that are loaded with each version.</summary>
    public IReadOnlyList<string> PerVersionOf(IEnumerable<BuildOutput> outputs) => PerVersionAssemblies ?? [.. VersionAssemblies.Of(outputs, PerVersion).Order(StringComparer.Ordinal)];
}
