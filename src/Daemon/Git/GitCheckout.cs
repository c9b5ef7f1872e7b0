namespace WatchReload.Daemon.Git;

/// <summary>A checkout: a working tree with its git directory, which may be elsewhere (linked worktrees, submodules).</summary>
internal sealed class GitCheckout
{
    private readonly GitBusy _busy;

    private GitCheckout(GitCommand git, string root, string gitDirectory, string statePath)
    {
        Git = git;
        Root = root;
        GitDirectory = gitDirectory;
        StatePath = statePath;
        _busy = new GitBusy(gitDirectory);
    }

    /// <summary>Absolute path of the top of the working tree.</summary>
    public string Root { get; }

    /// <summary>Absolute path of this working tree's git directory.</summary>
    public string GitDirectory { get; }

    /// <summary>Absolute path of the state directory: <c>git rev-parse --git-path watchreload</c>.</summary>
    public string StatePath { get; }

    public GitCommand Git { get; }

    /// <summary>The checkout that <paramref name="directory"/> lies in.</summary>
    public static async Task<GitLookup> Find(string directory, GitCommand git, CancellationToken cancellation)
    {
        if (!Directory.Exists(directory))
            return new GitLookup.NotACheckout(new Refusal($"There is no directory {directory}", "Check the path"));
        var found = await git.Run(directory, cancellation, "rev-parse", "--path-format=absolute", "--is-inside-work-tree", "--absolute-git-dir", "--git-path", "watchreload", "--show-toplevel");
        if (found.End == GitEnd.NotStarted)
            return new GitLookup.NoGit(GitFailure.Explain("look for a checkout", found));
        if (GitFailure.ForeignOwned(found) is { } foreign)
            return new GitLookup.ForeignOwned(foreign);
        // Of a bare repository, or inside a git directory, it says false and then fails at the working tree.
        var lines = found.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (found.Error.Contains("not a git repository", StringComparison.Ordinal) || lines is ["false", ..])
            return new GitLookup.NotACheckout(new Refusal($"{directory} is not in a git checkout", "Run it in a checkout, or make one: git init, or git clone"));
        if (!found.Ok || lines is not [_, var gitDirectory, var state, var root])
            return new GitLookup.Failed(GitFailure.Explain($"look for a checkout at {directory}", found));
        return new GitLookup.Found(new GitCheckout(git, Path.GetFullPath(root), Path.GetFullPath(gitDirectory), Path.GetFullPath(state)));
    }

    /// <exception cref="GitException">Git does not answer; the checkout is unchanged.</exception>
    public async Task<GitHead> Head(CancellationToken cancellation)
    {
        // Both fail as an answer: no commit yet, no branch.
        var commit = await Ask("rev-parse", "--verify", "--quiet", "HEAD^{commit}");
        var branch = await Ask("symbolic-ref", "--quiet", "--short", "HEAD");
        return new GitHead(commit, branch);

        async Task<string?> Ask(params string[] arguments)
        {
            var outcome = await Git.Run(Root, cancellation, arguments);
            return outcome switch
            {
                { Ok: true } => outcome.Line,
                { End: GitEnd.Exited, ExitCode: 1 } => null,
                _ => throw new GitException(GitFailure.Explain("read HEAD", outcome)),
            };
        }
    }

    /// <summary>Whether the tree is the commit and nothing else: no change, no untracked file that is not ignored.</summary>
    /// <exception cref="GitException">Git does not answer; the checkout is unchanged.</exception>
    public async Task<bool> IsClean(CancellationToken cancellation)
    {
        var status = await Git.Run(Root, cancellation, "status", "--porcelain", "-z", "--untracked-files=normal", "--ignore-submodules=none");
        return status.Ok ? status.Output.Length == 0 : throw new GitException(GitFailure.Explain("read the status", status));
    }

    /// <summary>What git is in the middle of (<c>index.lock</c>, a rebase, a merge), or null. Looks at files only.</summary>
    public string? BusyWith() => _busy.With();

    /// <summary>Fetches and fast-forwards.</summary>
    public Task<PullResult> Pull(PullRequest request, CancellationToken cancellation) => new Pull(this, request).Run(cancellation);
}
