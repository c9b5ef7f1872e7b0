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

    /// <summary>Where <see cref="Branch"/> is pulled from.</summary>
    public string Remote { get; init; } = "origin";

    /// <summary>Absolute path of a file of SSH keys whose signatures count, as ssh-keygen's <c>allowed_signers</c>; null: none do.</summary>
    public string? AllowedSigners { get; init; }

    /// <summary>Absolute path of a file of exported OpenPGP public keys whose signatures count; null: none do.</summary>
    public string? AllowedKeys { get; init; }

    /// <summary>Whether every commit must be signed.</summary>
    public bool AsksForSignatures => AllowedSigners is not null || AllowedKeys is not null;
}
