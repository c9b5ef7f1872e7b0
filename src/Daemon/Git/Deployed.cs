namespace WatchReload.Daemon.Git;

/// <summary>What a checkout is deployed from.</summary>
/// <param name="Branch">That is checked out, short name.</param>
/// <param name="Head">Its commit.</param>
/// <param name="Upstream">What is pulled into it.</param>
internal sealed record Deployed(string Branch, string Head, Upstream Upstream)
{
    /// <summary>As things stand now; or why nothing is.</summary>
    /// <exception cref="GitException">Git does not answer.</exception>
    public static async Task<(Deployed? What, Refusal? Why)> By(GitCheckout checkout, DeployPolicy policy, CancellationToken cancellation)
    {
        var (branch, commit, nothing) = await CheckedOut(checkout, cancellation);
        if (nothing is not null)
            return (null, nothing);
        var (upstream, why) = await Upstream.ToPull(branch, policy, checkout, cancellation);
        return upstream is null ? (null, why) : (new Deployed(branch, commit, upstream), null);
    }

    /// <summary>The same where a push updates the checkout's own branch.</summary>
    /// <exception cref="GitException">Git does not answer.</exception>
    public static async Task<(Deployed? What, Refusal? Why)> ByItself(GitCheckout checkout, CancellationToken cancellation)
    {
        var (branch, commit, nothing) = await CheckedOut(checkout, cancellation);
        return nothing is not null ? (null, nothing) : (new Deployed(branch, commit, new Upstream(".", "refs/heads/" + branch, "refs/heads/" + branch)), null);
    }

    /// <summary>Null: a push to that ref is deployed.</summary>
    public Refusal? Refuses(string? pushed) => pushed == Upstream.RemoteRef ? null
        : new Refusal($"{pushed} was pushed, and what is deployed is {Upstream.RemoteRef}", $"Push to {Upstream.RemoteRef}, or install the hook for the other branch and check that out");

    private static async Task<(string Branch, string Commit, Refusal? Nothing)> CheckedOut(GitCheckout checkout, CancellationToken cancellation) => await checkout.Head(cancellation) switch
    {
        { Branch: null } => ("", "", new Refusal($"The checkout {checkout.Root} is on no branch (detached HEAD)", "Check out the branch to deploy: git switch BRANCH")),
        { Branch: { } branch, Commit: null } => ("", "", new Refusal($"The branch {branch} has no commit yet", "Check out a branch that has one: git fetch, then git switch BRANCH")),
        { Branch: { } branch, Commit: { } commit } => (branch, commit, null),
    };
}
