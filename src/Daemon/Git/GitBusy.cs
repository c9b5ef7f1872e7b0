namespace WatchReload.Daemon.Git;

/// <summary>Whether git is between two states of a tree. Looks at files alone: to ask git would take locks of its own.</summary>
internal sealed class GitBusy(string gitDirectory)
{
    // In order of how telling they are. A bisection is not among them: its steps are there to be built.
    private static readonly (string Name, string Says)[] Signs =
    [
        ("rebase-merge", "a rebase"),
        ("rebase-apply", "a rebase or am"),
        ("MERGE_HEAD", "a merge"),
        ("CHERRY_PICK_HEAD", "a cherry-pick"),
        ("REVERT_HEAD", "a revert"),
        ("sequencer", "a cherry-pick or revert"),
        ("index.lock", "index.lock"),
        ("HEAD.lock", "HEAD.lock"),
    ];

    public string? With()
    {
        foreach (var (name, says) in Signs)
            if (Path.Exists(Path.Combine(gitDirectory, name)))
                return says;
        return null;
    }
}
