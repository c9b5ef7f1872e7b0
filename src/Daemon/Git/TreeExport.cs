namespace WatchReload.Daemon.Git;

/// <summary>Writes the files of a commit to a directory, by an index that is thrown away.</summary>
internal static class TreeExport
{
    public static async Task<Refusal?> Write(GitObjects objects, string commit, string directory, CancellationToken cancellation)
    {
        var index = directory + ".index";
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
}
