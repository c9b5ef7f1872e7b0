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

    public string? With() => In(gitDirectory) ?? Submodules(Path.Combine(gitDirectory, "modules")).Select(In).FirstOrDefault(says => says is not null);

    private static string? In(string git)
    {
        foreach (var (name, says) in Signs)
            if (Path.Exists(Path.Combine(git, name)))
                return says;
        return null;
    }

    /// <summary>The git directories of submodules, theirs too. Their names may have directories.</summary>
    private static List<string> Submodules(string modules)
    {
        var (found, open) = (new List<string>(), new Stack<string>([modules]));
        while (open.TryPop(out var directory))
        {
            if (File.Exists(Path.Combine(directory, "HEAD")))
            {
                found.Add(directory);
                directory = Path.Combine(directory, "modules");
            }
            try
            {
                if (!Directory.Exists(directory))
                    continue;
                foreach (var below in Directory.GetDirectories(directory))
                    open.Push(below);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It went away: nothing goes on in it.
            }
        }
        return found;
    }
}
