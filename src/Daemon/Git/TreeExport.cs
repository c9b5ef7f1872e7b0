namespace WatchReload.Daemon.Git;

/// <summary>Writes the files of a commit to a directory, by an index that is thrown away.</summary>
/// <remarks>
/// A commit has no more of a submodule than the id of its commit there. That is in the submodule of the checkout, as commits that move one are refused; what is left out of the
/// checkout on purpose is left out here too.
/// </remarks>
internal static class TreeExport
{
    /// <summary>Null: they are there.</summary>
    /// <param name="objects">Where the commit is read.</param>
    /// <param name="checkout">That it is for.</param>
    /// <param name="commit">Full id.</param>
    /// <param name="directory">Absolute; it is there, and empty.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="GitException">Git does not answer.</exception>
    public static async Task<Refusal?> Write(GitObjects objects, GitCheckout checkout, string commit, string directory, CancellationToken cancellation)
    {
        var due = new Queue<(GitObjects Objects, string Commit, string Path)>([(objects, commit, "")]);
        while (due.TryDequeue(out var next))
        {
            var to = Path.Combine(directory, next.Path);
            if (await WriteFiles(next.Objects, next.Commit, to, directory + ".index", cancellation) is { } why)
                return why;
            foreach (var (path, id) in await Submodules(next.Objects, next.Commit, cancellation))
            {
                var place = Path.Combine(checkout.Root, next.Path, path);
                if (!Path.Exists(Path.Combine(place, ".git")))
                    continue;
                var found = await checkout.Git.Run(place, cancellation, "rev-parse", "--absolute-git-dir");
                if (!found.Ok)
                    return GitFailure.Explain($"look for the submodule {path}", found);
                due.Enqueue((new GitObjects(checkout.Git, place, found.Line, new Dictionary<string, string>()), id, Path.Combine(next.Path, path)));
            }
        }

        return null;
    }

    private static async Task<Refusal?> WriteFiles(GitObjects objects, string commit, string directory, string index, CancellationToken cancellation)
    {
        Directory.CreateDirectory(directory);
        var here = new Dictionary<string, string> { ["GIT_DIR"] = objects.GitDirectory, ["GIT_WORK_TREE"] = directory, ["GIT_INDEX_FILE"] = index };
        try
        {
            foreach (var arguments in new string[][] { ["read-tree", commit], ["checkout-index", "--all", "--force", "--quiet"] })
            {
                var done = await objects.Run(new GitCall(directory, arguments) { Deadline = GitCommand.Slow, Environment = here }, cancellation);
                if (!done.Ok)
                    return GitFailure.Explain($"write the files of {CommitId.Short(commit)}", done);
            }

            return null;
        }
        finally
        {
            File.Delete(index);
        }
    }

    private static async Task<IReadOnlyList<(string Path, string Commit)>> Submodules(GitObjects objects, string commit, CancellationToken cancellation)
    {
        const string Start = Git.Submodules.Mode + " commit ";
        var listed = await objects.Ask(cancellation, "ls-tree", "-r", "-z", "--full-tree", commit);
        return [.. listed.Fields.Where(entry => entry.StartsWith(Start, StringComparison.Ordinal)).Select(entry => entry[Start.Length..].Split('\t', 2)).Select(parts => (parts[1], parts[0]))];
    }
}
