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
}
