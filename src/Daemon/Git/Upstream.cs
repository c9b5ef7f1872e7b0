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
}
