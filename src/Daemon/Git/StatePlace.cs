namespace WatchReload.Daemon.Git;

/// <summary>Where the state directory of a checkout lies, by its files alone: for when there is no git to ask.</summary>
internal static class StatePlace
{
    private const string Link = "gitdir: ";

    /// <summary>As <c>git rev-parse --git-path watchreload</c> would say at the top of a checkout; null when its <c>.git</c> is no link to one.</summary>
    public static string? Of(string top)
    {
        var git = Path.Combine(top, ".git");
        if (Directory.Exists(git))
            return Path.Combine(git, "watchreload");
        // A linked worktree, or a submodule.
        return File.ReadAllText(git) is var text && text.StartsWith(Link, StringComparison.Ordinal) ? Path.Combine(Path.GetFullPath(text[Link.Length..].Trim(), top), "watchreload") : null;
    }
}
