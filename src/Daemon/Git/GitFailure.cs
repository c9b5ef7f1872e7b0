namespace WatchReload.Daemon.Git;

/// <summary>What git's own words mean, and what to do.</summary>
internal static class GitFailure
{
    private static readonly (string Says, string Cause, string Remedy)[] Known =
    [
        ("not a git repository", "This is not a git checkout", "Run it in a checkout, or make one: git init"),
        ("could not read Username", "The remote asks for a user name and password", "Give this user a credential helper or an ssh key for the remote: git config credential.helper"),
        ("Authentication failed", "The remote did not accept this user's credentials", "Give this user a credential helper or an ssh key for the remote"),
        ("Permission denied (publickey", "The remote did not accept this user's ssh key", "Add the public key of the user that runs watchreload to the remote"),
        ("Host key verification failed", "The remote's host key is not known to this user", "Connect once by hand as the user that runs watchreload: git fetch"),
        ("Could not resolve host", "The remote's host name cannot be resolved", "Check the network and the URL: git remote -v"),
        ("unable to access", "The remote cannot be reached", "Check the network and the URL: git remote -v"),
        ("Connection refused", "The remote cannot be reached", "Check that it runs, and the URL: git remote -v"),
        ("does not appear to be a git repository", "The remote's URL leads to no repository", "Check it: git remote -v"),
        ("couldn't find remote ref", "The remote no longer has the branch", "Push it again, or follow another one: git branch --set-upstream-to"),
        (".lock': File exists", "Another git is at work in the checkout, or left a lock file behind", "Wait for it; if no git runs, delete the lock file"),
        ("No space left on device", "The disk is full", "Make room"),
        ("would be overwritten by merge", "Files in the checkout that git does not know are in the way", "Move or delete them"),
    ];

    /// <param name="doing">What was tried, for people: <c>fetch from origin</c>.</param>
    /// <param name="outcome">The call that failed.</param>
    public static Refusal Explain(string doing, GitOutcome outcome)
    {
        if (outcome.End == GitEnd.NotStarted)
            return new Refusal($"git could not be started ({outcome.Error})", "Install git, or put it on the PATH");
        if (outcome.End == GitEnd.TimedOut)
            return new Refusal($"Could not {doing}: {outcome.Error}", "Try it by hand as the user that runs watchreload, to see what it waits for");
        if (ForeignOwned(outcome) is { } foreign)
            return foreign;
        foreach (var (says, cause, remedy) in Known)
            if (outcome.Error.Contains(says, StringComparison.OrdinalIgnoreCase))
                return new Refusal($"Could not {doing}: {cause}{Quote(outcome)}", remedy);
        return new Refusal($"Could not {doing}: git ended with exit code {outcome.ExitCode}{Quote(outcome)}", "Try it by hand as the user that runs watchreload");
    }

    /// <summary>Whether it is one that a remedy is known for, whatever was tried.</summary>
    public static bool IsKnown(GitOutcome outcome) => outcome.End != GitEnd.Exited || ForeignOwned(outcome) is not null || Known.Any(known => outcome.Error.Contains(known.Says, StringComparison.OrdinalIgnoreCase));

    /// <summary>Null when the failure is another one.</summary>
    public static Refusal? ForeignOwned(GitOutcome outcome)
    {
        const string says = "dubious ownership in repository at '";
        var at = outcome.Error.IndexOf(says, StringComparison.Ordinal);
        if (at < 0)
            return null;
        var from = at + says.Length;
        var to = outcome.Error.IndexOf('\'', from);
        var path = to < 0 ? "" : outcome.Error[from..to];
        return new Refusal(
            $"The repository {path} belongs to another user than {Environment.UserName}, so git does not work with it (\"dubious ownership\")",
            $"Run watchreload as its owner, or, if its owner may run code as {Environment.UserName}: git config --global --add safe.directory '{path}'");
    }

    private static string Quote(GitOutcome outcome)
    {
        var said = string.Join("; ", outcome.Error.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith("hint:", StringComparison.Ordinal)).Take(4));
        return said.Length == 0 ? "" : $" ({said})";
    }
}
