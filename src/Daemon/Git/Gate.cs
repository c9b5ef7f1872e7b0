namespace WatchReload.Daemon.Git;

/// <summary>Checks a commit whose push is not accepted yet, and writes its files where they can be built.</summary>
/// <remarks>
/// Theory of operation. Git keeps the objects of a push in quarantine while its pre-receive hook runs, and throws them away when that refuses. They are read with the hook's
/// environment; their files are written by <c>checkout-index</c> from an index of their own to a directory of their own, so that no worktree, no branch and no index of
/// either repository changes. All that a pull would refuse is refused here, where the pusher still has the commit to himself. The checkout that serves is only looked at,
/// but that what it follows is fetched when the push was handed in (<see cref="HandedPack"/>).
/// </remarks>
internal sealed class Gate(GitCheckout checkout, PullRequest request, Quarantine quarantine)
{
    private readonly GitObjects _objects = GitObjects.Of(quarantine, checkout.Git);

    private bool UpdatesCheckout => quarantine.Repository == checkout.GitDirectory && !quarantine.HandedIn;

    /// <summary>Null: the files of the commit are in <paramref name="directory"/>, which must be empty.</summary>
    public async Task<Refusal?> Export(string directory, CancellationToken cancellation)
    {
        try
        {
            return (quarantine.HandedIn ? await new HandedPack(checkout, request, quarantine).TakeIn(cancellation) : null) ?? await Refuses(cancellation) ?? await TreeExport.Write(_objects, checkout, request.Commit!, directory, cancellation);
        }
        catch (GitException e)
        {
            return e.Why;
        }
    }

    private async Task<Refusal?> Refuses(CancellationToken cancellation)
    {
        if (request.Commit is not { } tip || !CommitId.IsOne(tip))
            return new Refusal($"{request.Commit} is not a full commit id", "Give all 40 (or 64) hexadecimal digits");
        var (deployed, why) = UpdatesCheckout ? await Deployed.ByItself(checkout, cancellation) : await Deployed.By(checkout, request.Policy, cancellation);
        if (deployed is null)
            return why;
        if (deployed.Refuses(request.Ref) is { } unfit)
            return unfit;
        var head = deployed.Head;
        if (!await _objects.Knows(tip, cancellation))
            return new Refusal($"{CommitId.Short(tip)} is not a commit of this push", "Push a branch");
        if (!await _objects.Knows(head, cancellation) || !await _objects.IsAncestor(head, tip, cancellation))
            return new Refusal(
                $"{CommitId.Short(tip)} does not continue {CommitId.Short(head)}, which is checked out where it would be deployed",
                "Rebase on it, and push again; to go back, deploy an older release (watchreload rollback)");
        var checks = new CommitChecks(checkout, _objects, request);
        return await new TreeChecks(checkout).Standing(cancellation) ?? await checks.Signed(head, tip, cancellation) ?? await checks.Fit(head, tip, cancellation);
    }
}
