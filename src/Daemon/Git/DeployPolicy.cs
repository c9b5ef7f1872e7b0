namespace WatchReload.Daemon.Git;

/// <summary>
/// What decides whether a commit may be deployed. It is read from the host's configuration outside the tree, never from the tree:
/// a pushed commit must not be able to widen what may be pushed.
/// </summary>
internal sealed record DeployPolicy
{
    public static DeployPolicy Default { get; } = new();

    /// <summary>The only branch that is deployed, short name; null: the upstream of the checkout's branch.</summary>
    public string? Branch { get; init; }
}
