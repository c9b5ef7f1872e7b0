namespace WatchReload.Daemon.Git;

/// <param name="Repository">The repository that is pushed to: bare, or a checkout with <c>receive.denyCurrentBranch updateInstead</c>.</param>
/// <param name="Config">Absolute path of the watch.json of the checkout that serves; null with a <see cref="Socket"/>, as another user may not read it.</param>
/// <param name="Branch">Short name of the branch that deploys; null: the one the checkout follows.</param>
/// <param name="Command">How to run watchreload: <see cref="HookCommand.OfThisProcess"/>.</param>
internal sealed record HookRequest(string Repository, string? Config, string? Branch, IReadOnlyList<string> Command)
{
    /// <summary>Of the checkout that serves.</summary>
    public DeployPolicy Policy { get; init; } = DeployPolicy.Default;

    /// <summary>Options for each call, beside <c>--config</c>: where the state directory and the host's configuration are.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>Absolute path of the socket that the daemon has for the group of a git user that is not the service's; null: it is the service's user.</summary>
    public string? Socket { get; init; }

    /// <summary>Whether a push is accepted only when it builds and can be rehearsed.</summary>
    public bool Gate { get; init; }
}
