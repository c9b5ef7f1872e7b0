using WatchReload.Control;

namespace WatchReload.Daemon.Git;

/// <summary>Fetches what the upstream has and fast-forwards the checkout to it.</summary>
/// <remarks>
/// Theory of operation. All checks come before the merge, which is the point of no return, and change nothing but what was fetched. The tip is resolved once,
/// after the fetch, and from then on only its commit id is used: that very commit is checked, merged and reported, whatever is fetched or pushed meanwhile.
/// The merge is <c>--ff-only</c>; the tree never goes back. Pushes that came together are answered by the newest: who asks for a commit that
/// the tip contains gets the tip. The merge is not cancelled once begun, by this process or by what is sent to all that run with it (Ctrl-C), for a tree half written is
/// worse than a late answer.
/// </remarks>
internal sealed class Pull(GitCheckout checkout, PullRequest request)
{
    private readonly GitCommand _git = checkout.Git;
    private readonly GitObjects _objects = GitObjects.Of(checkout);
    private readonly CommitChecks _checks = new(checkout, GitObjects.Of(checkout), request);

    public async Task<PullResult> Run(CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(request.LockFile)!);
        using var held = await FileLock.Acquire(request.LockFile, request.LockDeadline, _git.Time, cancellation);
        if (held is null)
            return Refuse("Another pull is under way", "Wait for it to end, then pull again");
        try
        {
            return await Locked(cancellation);
        }
        catch (GitException e)
        {
            return new PullResult.Refused(e.Why);
        }
    }

    private async Task<PullResult> Locked(CancellationToken cancellation)
    {
        var (deployed, nothing) = await Deployed.By(checkout, request.Policy, cancellation);
        if ((deployed is null ? nothing : request.Ref is null ? null : deployed.Refuses(request.Ref)) is { } undeployed)
            return new PullResult.Refused(undeployed);
        var (head, upstream) = (deployed!.Head, deployed.Upstream);
        if (request.Commit is { } asked && !CommitId.IsOne(asked))
            return Refuse($"{asked} is not a full commit id", "Give all 40 (or 64) hexadecimal digits");
        if (await new TreeChecks(checkout).Standing(cancellation) is { } unfit)
            return new PullResult.Refused(unfit);

        if (upstream.Remote != "." && await upstream.Fetch(checkout, cancellation) is { } unfetched)
            return new PullResult.Refused(unfetched);
        PausePoint.Reach("fetched");
        var tip = (await _objects.Ask(cancellation, "rev-parse", "--verify", upstream.TrackingRef + "^{commit}")).Line;
        if (request.Commit is { } wanted && !(await _objects.Knows(wanted, cancellation) && await _objects.IsAncestor(wanted, tip, cancellation)))
            return Refuse($"{CommitId.Short(wanted)} is not on {upstream.Name}, which is at {CommitId.Short(tip)}", "It was rewound or replaced since: push again");
        if (tip != head && !await _objects.IsAncestor(head, tip, cancellation))
            return new PullResult.Refused(await WhyNot(head, tip, upstream, cancellation));
        if (await _checks.Signed(head, tip, cancellation) is { } unsigned)
            return new PullResult.Refused(unsigned);
        if (tip == head)
        {
            Verified(tip);
            return new PullResult.UpToDate(tip);
        }

        if (await _checks.Fit(head, tip, cancellation) is { } unfitting)
            return new PullResult.Refused(unfitting);

        var (commits, count) = await Log(head, tip, cancellation);
        if (!request.Merge)
            return new PullResult.Pulled(head, tip, commits, count);
        if (await Merge(head, tip) is { } unmerged)
            return new PullResult.Refused(unmerged);
        Verified(tip);
        return new PullResult.Pulled(head, tip, commits, count);
    }

    private void Verified(string commit)
    {
        if (request.Merge && request.Policy.AsksForSignatures)
            VerifiedCommit.Write(request.VerifiedFile, commit);
    }

    private async Task<Refusal> WhyNot(string head, string tip, Upstream upstream, CancellationToken cancellation)
    {
        if ((await _objects.Ask(cancellation, "rev-parse", "--is-shallow-repository")).Line == "true" && !await _objects.IsAncestor(tip, head, cancellation))
            return new Refusal($"The clone is shallow, so that it cannot be told whether {upstream.Name} continues what is checked out", "Fetch the history: git fetch --unshallow");
        return await _objects.IsAncestor(tip, head, cancellation)
            ? new Refusal(
                $"The checkout at {CommitId.Short(head)} is ahead of {upstream.Name} at {CommitId.Short(tip)}: the upstream was rewound, or commits were made here",
                $"Push the commits; or, to go back, deploy an older release (watchreload rollback), or git reset --hard {upstream.Name} and watchreload reload")
            : new Refusal(
                $"The checkout at {CommitId.Short(head)} and {upstream.Name} at {CommitId.Short(tip)} have diverged",
                $"Push the commits that were made here after rebasing them; or give them up: git reset --hard {upstream.Name}");
    }

    private async Task<(IReadOnlyList<GitCommit> Commits, int Count)> Log(string from, string to, CancellationToken cancellation)
    {
        var count = int.Parse((await _objects.Ask(cancellation, "rev-list", "--count", $"{from}..{to}")).Line, System.Globalization.CultureInfo.InvariantCulture);
        var log = await _objects.Ask(cancellation, "log", "-z", "--max-count=50", "--no-show-signature", "--format=%H%x01%an%x01%s", $"{from}..{to}");
        return ([.. log.Fields.Select(line => line.Split('\x01', 3)).Where(parts => parts.Length == 3).Select(parts => new GitCommit(parts[0], parts[1], parts[2]))], count);
    }

    private async Task<Refusal?> Merge(string from, string to)
    {
        var merged = await _git.Run(new GitCall(checkout.Root, ["merge", "--ff-only", "--quiet", "--no-stat", "--no-autostash", to]) { Deadline = GitCommand.Slow, Apart = true }, CancellationToken.None);
        var head = await checkout.Head(CancellationToken.None);
        if (head.Commit == to)
            return null;
        return merged.Ok
            ? new Refusal($"After the merge of {CommitId.Short(to)} the checkout is at {CommitId.Short(head.Commit ?? "no commit")}", "Another git works in the checkout: leave it to watchreload, and pull again")
            : GitFailure.Explain($"fast-forward from {CommitId.Short(from)} to {CommitId.Short(to)}", merged);
    }

    private static PullResult.Refused Refuse(string cause, string remedy) => new(new Refusal(cause, remedy));
}
