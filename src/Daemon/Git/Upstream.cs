namespace WatchReload.Daemon.Git;

/// <summary>What a branch follows.</summary>
/// <param name="Remote">Name or URL of the remote; <c>.</c> for a branch of the same repository.</param>
/// <param name="RemoteRef">The branch there: <c>refs/heads/main</c>.</param>
/// <param name="TrackingRef">Where this repository keeps it: <c>refs/remotes/origin/main</c>.</param>
internal sealed record Upstream(string Remote, string RemoteRef, string TrackingRef)
{
    /// <summary>As people write it: <c>origin/main</c>.</summary>
    public string Name => TrackingRef.StartsWith("refs/remotes/", StringComparison.Ordinal) ? TrackingRef["refs/remotes/".Length..] : TrackingRef;

    /// <summary>Null: the branch follows nothing.</summary>
    public static async Task<Upstream?> Of(string branch, GitCheckout checkout, CancellationToken cancellation)
    {
        var found = await checkout.Git.Run(
            checkout.Root, cancellation, "for-each-ref", "--format=%(upstream:remotename)%00%(upstream:remoteref)%00%(upstream)", "refs/heads/" + branch);
        return found.Ok && found.Fields is [var remote, var remoteRef, var tracking] ? new Upstream(remote, remoteRef, tracking) : null;
    }

    /// <summary>
    /// What is pulled into a branch: what it follows; or, where the host's configuration names a branch, that one, from the remote that it names. Then
    /// the checkout's own configuration decides no more than which branch is checked out.
    /// </summary>
    public static async Task<(Upstream? Upstream, Refusal? Why)> ToPull(string branch, DeployPolicy policy, GitCheckout checkout, CancellationToken cancellation)
    {
        var followed = await Of(branch, checkout, cancellation);
        if (policy.Branch is not { } only)
            return followed is not null ? (followed, null)
                : (null, new Refusal($"The branch {branch} of {checkout.Root} follows no upstream, so that it has nothing to pull", $"Name one: git branch --set-upstream-to=origin/{branch}"));
        var wanted = "refs/heads/" + only;
        if (branch != only && followed?.RemoteRef != wanted)
            return (null, new Refusal($"Only {only} is deployed here, and the checkout {checkout.Root} is on {branch}{(followed is null ? "" : $", which follows {followed.Name}")}", $"Check it out: git switch {only}"));
        var remote = await checkout.Git.Run(checkout.Root, cancellation, "remote", "get-url", policy.Remote);
        return remote.Ok
            ? (new Upstream(policy.Remote, wanted, $"refs/remotes/{policy.Remote}/{only}"), null)
            : (null, new Refusal($"The checkout {checkout.Root} has no remote {policy.Remote} to pull {only} from (git.remote)", $"Add it: git remote add {policy.Remote} URL; or name another one in the host's configuration"));
    }

    /// <summary>Null: what the remote has is at <see cref="TrackingRef"/>.</summary>
    public async Task<Refusal?> Fetch(GitCheckout checkout, CancellationToken cancellation)
    {
        // The plus takes over a rewound branch as it is; whether the checkout may follow is decided afterwards.
        var fetched = await checkout.Git.Run(
            checkout.Root, GitCommand.Slow, cancellation,
            [.. await Ssh.WithoutPrompts(checkout, cancellation), "fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "--no-auto-maintenance", "--no-write-fetch-head", Remote, $"+{RemoteRef}:{TrackingRef}"]);
        return fetched.Ok ? null : GitFailure.Explain($"fetch {Name}", fetched);
    }
}
