namespace WatchReload.Daemon.Git;

/// <summary>A repository that is pushed to.</summary>
/// <param name="GitDirectory">The common git directory.</param>
/// <param name="HooksDirectory">Where git looks for its hooks.</param>
/// <param name="WorkTree">Null: bare.</param>
internal sealed record HookRepository(string GitDirectory, string HooksDirectory, string? WorkTree)
{
    public static async Task<(HookRepository? Repository, Refusal? Why)> Find(string directory, GitCommand git, CancellationToken cancellation)
    {
        if (!Directory.Exists(directory))
            return (null, new Refusal($"There is no directory {directory}", "Give the path of the repository that is pushed to"));
        var found = await git.Run(directory, cancellation, "rev-parse", "--path-format=absolute", "--git-common-dir", "--git-path", "hooks", "--is-bare-repository");
        if (!found.Ok || found.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries) is not [var common, var hooks, var bare])
            return (null, GitFailure.Explain($"look for a repository at {directory}", found));
        (common, hooks) = (Path.GetFullPath(common), Path.GetFullPath(hooks));
        if (!hooks.StartsWith(Path.TrimEndingDirectorySeparator(common) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            return (null, new Refusal(
                $"core.hooksPath has this repository's hooks at {hooks}, outside of it, where other repositories may share them",
                $"Give the repository its own again: git -C {common} config core.hooksPath {Path.Combine(common, "hooks")}"));
        if (bare == "true")
            return (new HookRepository(common, hooks, null), null);
        var top = await git.Run(directory, cancellation, "rev-parse", "--path-format=absolute", "--show-toplevel");
        return top.Ok
            ? (new HookRepository(common, hooks, Path.GetFullPath(top.Line)), null)
            : (null, new Refusal($"{directory} is inside a git directory", "Give the top of the checkout, or the bare repository itself"));
    }
}
