namespace WatchReload.Daemon.Git;

/// <summary>Where the objects of commits are read: of a checkout, or of a repository whose push is not accepted yet.</summary>
/// <param name="Git">The command.</param>
/// <param name="Directory">Where git is called.</param>
/// <param name="GitDirectory">Absolute.</param>
/// <param name="Environment">What a hook's git has to be told to see the quarantined objects.</param>
internal sealed record GitObjects(GitCommand Git, string Directory, string GitDirectory, IReadOnlyDictionary<string, string> Environment)
{
    public static GitObjects Of(GitCheckout checkout) => new(checkout.Git, checkout.Root, checkout.GitDirectory, new Dictionary<string, string>());

    /// <summary>Of a push under way, as its pre-receive hook sees it.</summary>
    public static GitObjects Of(Quarantine quarantine, GitCommand git) => new(git, quarantine.Repository, quarantine.Repository, new Dictionary<string, string>
    {
        ["GIT_DIR"] = quarantine.Repository,
        ["GIT_OBJECT_DIRECTORY"] = quarantine.Objects,
        ["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = quarantine.Alternates,
        ["GIT_QUARANTINE_PATH"] = quarantine.Objects, // git then refuses to move any ref
    });

    public Task<GitOutcome> Run(CancellationToken cancellation, params IReadOnlyList<string> arguments) => Run(new GitCall(Directory, arguments), cancellation);

    public Task<GitOutcome> Run(GitCall call, CancellationToken cancellation) =>
        Git.Run(call with { Environment = Environment.Where(variable => !call.Environment.ContainsKey(variable.Key)).Concat(call.Environment).ToDictionary() }, cancellation);

    /// <exception cref="GitException">Git does not answer.</exception>
    public async Task<GitOutcome> Ask(CancellationToken cancellation, params IReadOnlyList<string> arguments)
    {
        var answer = await Run(cancellation, arguments);
        return answer.Ok ? answer : throw new GitException(GitFailure.Explain($"ask git ({arguments[0]})", answer));
    }

    public async Task<bool> Knows(string commit, CancellationToken cancellation) => (await Run(cancellation, "cat-file", "-e", commit + "^{commit}")).Ok;

    /// <exception cref="GitException">Git does not answer.</exception>
    public async Task<bool> IsAncestor(string ancestor, string descendant, CancellationToken cancellation)
    {
        var answer = await Run(cancellation, "merge-base", "--is-ancestor", ancestor, descendant);
        return answer switch
        {
            { Ok: true } => true,
            { End: GitEnd.Exited, ExitCode: 1 } => false,
            _ => throw new GitException(GitFailure.Explain("compare commits", answer)),
        };
    }
}
