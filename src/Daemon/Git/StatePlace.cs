namespace WatchReload.Daemon.Git;

/// <summary>Where the state directory of a checkout lies, by its files alone: for when there is no git to ask.</summary>
internal static class StatePlace
{
    private const string Link = "gitdir: ";

    /// <summary>As <c>git rev-parse --git-path watchreload</c> would say; null when the directory is in no checkout.</summary>
    public static string? Find(string directory)
    {
        for (var at = directory; at is not null; at = Path.GetDirectoryName(at))
        {
            var git = Path.Combine(at, ".git");
            if (Directory.Exists(git))
                return Path.Combine(git, "watchreload");
            if (File.Exists(git)) // a linked worktree, or a submodule
                return File.ReadAllText(git) is var text && text.StartsWith(Link, StringComparison.Ordinal) ? Path.Combine(Path.GetFullPath(text[Link.Length..].Trim(), at), "watchreload") : null;
        }

        return null;
    }
}
