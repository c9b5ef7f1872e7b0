namespace WatchReload.Daemon.Git;

/// <summary>What another user's hook says was pushed, looked at before anything is done about it: it comes from outside.</summary>
/// <param name="Ref"><c>refs/heads/main</c>.</param>
/// <param name="Commit">Full id.</param>
internal sealed record PushedCommit(string? Ref, string? Commit)
{
    private const int LongestRef = 255;

    /// <summary>Null: it is a commit's id, and the ref is what is deployed here. Whether the commit is there only a fetch can tell.</summary>
    public async Task<Refusal?> Refuses(GitCheckout checkout, DeployPolicy policy, CancellationToken cancellation)
    {
        // Neither goes on, not even into a message, before it is known to be what it should be.
        if (Commit is null || !CommitId.IsOne(Commit))
            return new Refusal("What was handed in as a commit is not a full commit id", "Give all 40 (or 64) hexadecimal digits");
        if (Ref is not { Length: <= LongestRef } || !Ref.StartsWith("refs/heads/", StringComparison.Ordinal) || Ref.Any(c => c is <= ' ' or >= '\x7f'))
            return new Refusal("What was handed in as a ref is not a branch", "Give it as git does: refs/heads/NAME");
        try
        {
            var (deployed, why) = await Deployed.By(checkout, policy, cancellation);
            return deployed is null ? why : deployed.Refuses(Ref);
        }
        catch (GitException e)
        {
            return e.Why;
        }
    }
}
