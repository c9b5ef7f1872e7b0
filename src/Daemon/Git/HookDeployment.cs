namespace WatchReload.Daemon.Git;

/// <summary>What a push leads to.</summary>
/// <param name="Branch">Short name of the branch that deploys.</param>
/// <param name="Verb"><c>pull</c>; <c>reload</c> where the push itself updates the checkout that serves; <c>push</c> where the daemon is asked for it.</param>
internal sealed record HookDeployment(string Branch, string Verb)
{
    public static async Task<(HookDeployment? Deployment, Refusal? Why)> Of(HookRequest request, HookRepository repository, GitCommand git, CancellationToken cancellation)
    {
        if (request.Socket is not null)
            return await HandedIn(request, repository, git, cancellation);
        var directory = Path.GetDirectoryName(Path.GetFullPath(request.Config!))!;
        var lookup = await GitCheckout.Find(directory, git, cancellation);
        if (lookup is not GitLookup.Found { Checkout: var checkout })
            return (null, ((GitLookup.Missing)lookup).Why);
        GitHead head;
        try
        {
            head = await checkout.Head(cancellation);
        }
        catch (GitException e)
        {
            return (null, e.Why);
        }
        if (head.Branch is null)
            return (null, new Refusal($"The checkout {checkout.Root} is on no branch (detached HEAD)", "Check out the branch to deploy: git switch BRANCH"));
        return checkout.Root == repository.WorkTree
            ? await Updated(request, head.Branch, repository, git, cancellation)
            : await Pulled(request, head.Branch, checkout, cancellation);
    }

    /// <summary>Of another user, who need not be able to read the checkout: what the daemon deploys it says at each push.</summary>
    private static async Task<(HookDeployment?, Refusal?)> HandedIn(HookRequest request, HookRepository repository, GitCommand git, CancellationToken cancellation)
    {
        var branch = request.Branch ?? (await git.Run(repository.GitDirectory, cancellation, "symbolic-ref", "--quiet", "--short", "HEAD")).Line;
        var fit = await git.Run(repository.GitDirectory, cancellation, "check-ref-format", "refs/heads/" + branch);
        return fit.Ok ? (new HookDeployment(branch, "push"), null) : (null, new Refusal($"\"{branch}\" is not a branch", "Name the one that is deployed: --branch NAME"));
    }

    private static async Task<(HookDeployment?, Refusal?)> Updated(HookRequest request, string current, HookRepository repository, GitCommand git, CancellationToken cancellation)
    {
        if (request.Branch is { } branch && branch != current)
            return (null, new Refusal($"The checkout is on {current}, so that a push to {branch} does not change it", $"Check it out: git switch {branch}"));
        if (request.Policy.AsksForSignatures && !request.Gate)
            return (null, new Refusal(
                "Only signed commits are deployed here, and git would write a push to this checkout before anybody has looked at its signatures",
                "Let a gate look first: watchreload hook install --gate; or push to a bare repository that the checkout pulls from"));
        var deny = await git.Run(repository.WorkTree!, cancellation, "config", "--get", "receive.denyCurrentBranch");
        return string.Equals(deny.Line, "updateInstead", StringComparison.OrdinalIgnoreCase)
            ? (new HookDeployment(current, "reload"), null)
            : (null, new Refusal(
                "A push to the checked-out branch of this repository is refused by git, or leaves the files as they are",
                $"Have the push update them: git -C {repository.WorkTree} config receive.denyCurrentBranch updateInstead; or push to a bare repository that the checkout pulls from"));
    }

    private static async Task<(HookDeployment?, Refusal?)> Pulled(HookRequest request, string current, GitCheckout checkout, CancellationToken cancellation)
    {
        var (upstream, why) = await Upstream.ToPull(current, request.Policy, checkout, cancellation);
        if (upstream is null)
            return (null, why);
        var followed = upstream.RemoteRef["refs/heads/".Length..];
        return request.Branch is { } branch && branch != followed
            ? (null, new Refusal($"The checkout {checkout.Root} follows {followed}, so that a push to {branch} would deploy nothing", $"Check out a branch that follows {branch}, or install the hook for {followed}"))
            : (new HookDeployment(followed, "pull"), null);
    }
}
