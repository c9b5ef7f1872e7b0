namespace WatchReload.Daemon.Git;

/// <summary>A checkout: a working tree with its git directory, which may be elsewhere (linked worktrees, submodules).</summary>
internal sealed class GitCheckout
{
    /// <summary>Absolute path of the top of the working tree.</summary>
    public string Root => throw new NotImplementedException();

    /// <summary>The checkout that <paramref name="directory"/> lies in.</summary>
    public static Task<GitLookup> Find(string directory, GitCommand git, CancellationToken cancellation) => throw new NotImplementedException();

    public Task<GitHead> Head(CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>Whether the tree is the commit and nothing else: no change, no untracked file that is not ignored.</summary>
    public Task<bool> IsClean(CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>Absolute path of the state directory: <c>git rev-parse --git-path watchreload</c>.</summary>
    public string StatePath => throw new NotImplementedException();

    /// <summary>What git is in the middle of (<c>index.lock</c>, a rebase, a merge), or null. Looks at files only.</summary>
    public string? BusyWith() => throw new NotImplementedException();

    /// <summary>Fetches and fast-forwards.</summary>
    public Task<PullResult> Pull(PullRequest request, CancellationToken cancellation) => throw new NotImplementedException();
}
