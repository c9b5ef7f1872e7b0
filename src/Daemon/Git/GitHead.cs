namespace WatchReload.Daemon.Git;

/// <summary>Where a checkout stands.</summary>
/// <param name="Commit">Full commit id; null when the branch has none yet.</param>
/// <param name="Branch">Short name; null when detached.</param>
internal sealed record GitHead(string? Commit, string? Branch);
