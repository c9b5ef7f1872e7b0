namespace WatchReload.Daemon.Git;

/// <summary>What to pull. Without a commit: what the upstream has.</summary>
internal sealed record PullRequest
{
    /// <summary>From a hook: the ref that was pushed, <c>refs/heads/main</c>.</summary>
    public string? Ref { get; init; }

    /// <summary>From a hook: the commit that was pushed. A newer one on the same branch serves as well.</summary>
    public string? Commit { get; init; }

    /// <summary>Absolute path of the lock file, <see cref="WatchReload.Control.StateDirectory.PullLock"/>.</summary>
    public required string LockFile { get; init; }

    /// <summary>Absolute path of the file that names the newest verified commit, when the policy asks for signatures.</summary>
    public string VerifiedFile => Path.Combine(Path.GetDirectoryName(LockFile)!, "verified");

    /// <summary>How long to wait for another pull to end.</summary>
    public TimeSpan LockDeadline { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Name of a state directory that lies in a tree. A commit that carries such files is refused.</summary>
    public string StateName { get; init; } = ".watchreload";

    /// <summary>Absolute path of the state directory in use, wherever it lies.</summary>
    public string StatePath => Path.GetDirectoryName(LockFile)!;

    /// <summary>Looks into a commit before it is merged; what it returns is why it must not be.</summary>
    public Func<CommitTree, CancellationToken, Task<Refusal?>> Examine { get; init; } = (_, _) => Task.FromResult<Refusal?>(null);

    /// <summary>False: all but the merge.</summary>
    public bool Merge { get; init; } = true;

    /// <summary>Who may deploy what.</summary>
    public DeployPolicy Policy { get; init; } = DeployPolicy.Default;
}
