namespace WatchReload.Daemon.Git;

/// <summary>What must hold of a commit before it may be checked out here: of one that was fetched, and of one whose push is not accepted yet.</summary>
/// <param name="checkout">That it is for.</param>
/// <param name="objects">Where it is read.</param>
/// <param name="request">What is asked of it.</param>
internal sealed class CommitChecks(GitCheckout checkout, GitObjects objects, PullRequest request)
{
    /// <summary>Null: every commit since the deployed one is signed as the host asks. Nothing else of the commit may be looked at before.</summary>
    public async Task<Refusal?> Signed(string head, string tip, CancellationToken cancellation)
    {
        if (!request.Policy.AsksForSignatures)
            return null;
        // What is checked out is where the first verification begins.
        var since = VerifiedCommit.Read(request.VerifiedFile) ?? head;
        return await objects.Knows(since, cancellation) && await objects.IsAncestor(since, tip, cancellation)
            ? await new Signatures(objects, request.Policy).Verify(since, tip, cancellation)
            : new Refusal(
                $"{CommitId.Short(tip)} does not contain {CommitId.Short(since)}, which was verified and deployed here: a signed commit of old must not come back",
                $"Push a newer commit; to go back, deploy an older release (watchreload rollback). If the history was rewritten on purpose: rm {request.VerifiedFile}");
    }

    /// <summary>Null: the files of the commit may be written to the checkout, and can be built there.</summary>
    public async Task<Refusal?> Fit(string head, string tip, CancellationToken cancellation)
    {
        var tree = await CommitTree.Of(tip, objects, checkout.Root, cancellation);
        return await new TreeChecks(checkout).Carries(head, tree, objects, request, cancellation) ?? await request.Examine(tree, cancellation);
    }
}
