namespace WatchReload.Daemon.Git;

/// <summary>What must not be: in the checkout before a pull, and in a commit before it is checked out.</summary>
internal sealed class TreeChecks(GitCheckout checkout)
{
    // What a build takes up without being told, so that the tree would no longer be the commit.
    private static readonly string[] Sources = [".cs", ".vb", ".fs", ".csproj", ".vbproj", ".fsproj", ".props", ".targets", ".resx", ".razor", ".cshtml", ".editorconfig", ".globalconfig", ".rsp"];

    /// <summary>Null: the checkout is at rest, and is its commit as far as a build can see.</summary>
    public async Task<Refusal?> Standing(CancellationToken cancellation)
    {
        if (checkout.BusyWith() is { } busy)
            return new Refusal($"Git is in the middle of something in the checkout ({busy})", "Finish or abort it; a lock file that no running git owns can be deleted");
        var status = await Ask(cancellation, "status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=all", "--ignore-submodules=none");
        var changed = status.Fields.Where(entry => !entry.StartsWith("?? ", StringComparison.Ordinal)).Select(entry => entry[3..]).ToList();
        if (changed.Count > 0)
            return new Refusal($"The checkout has changes that are not committed: {Some(changed)}", "Commit them, stash them (git stash), or give them up (git checkout -- .)");
        var strange = status.Fields.Select(entry => entry[3..]).Where(path => Sources.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase)).ToList();
        return strange.Count == 0
            ? await Unfetched(cancellation) ?? await Pointers(cancellation)
            : new Refusal($"The checkout has source files that git does not know: {Some(strange)}", "Commit them, delete them, or have git ignore them (.gitignore)");
    }

    // To git a submodule that was never fetched is no change.
    private async Task<Refusal?> Unfetched(CancellationToken cancellation)
    {
        var missing = await new Submodules(checkout).Missing(cancellation);
        return missing.Count == 0
            ? null
            : new Refusal($"The checkout has submodules that were never fetched: {Some(missing)}", "Fetch them: git submodule update --init --recursive; or have git leave one out: git config submodule.NAME.update none");
    }

    // Nor is a pointer in place of a file.
    private async Task<Refusal?> Pointers(CancellationToken cancellation)
    {
        var files = await Ask(cancellation, "ls-files", "-z", "--", ":(top,attr:filter=lfs)");
        var pointers = files.Fields.Where(path => LfsPointer.Is(Path.Combine(checkout.Root, path))).ToList();
        return pointers.Count == 0
            ? null
            : new Refusal($"The checkout has pointers of Git LFS in place of files: {Some(pointers)}", "Fetch the files: git lfs install, then git lfs pull");
    }

    /// <summary>Null: nothing in the commit forbids to check it out here.</summary>
    public async Task<Refusal?> Carries(string from, CommitTree tree, GitObjects objects, PullRequest request, CancellationToken cancellation)
    {
        var (to, stateName) = (tree.Commit, request.StateName);
        var own = Path.GetRelativePath(checkout.Root, request.StatePath).Replace('\\', '/');
        // Also by another case: some file systems do not tell them apart.
        var state = tree.Paths.Where(path => path.Split('/').Contains(stateName, StringComparer.OrdinalIgnoreCase) || path.StartsWith(own + "/", StringComparison.OrdinalIgnoreCase)).ToList();
        if (state.Count > 0)
            return new Refusal($"The commit carries files of a state directory: {Some(state)}", "Take them out (git rm -r --cached), and have git ignore the directory (.gitignore)");

        var changes = await objects.Ask(cancellation, "diff-tree", "-r", "-z", "--raw", "--no-renames", from, to);
        var submodules = Pairs(changes.Fields).Where(change => change.Modes.Contains(Submodules.Mode, StringComparison.Ordinal)).Select(change => change.Path).ToList();
        if (submodules.Count > 0)
            return new Refusal($"The commits move submodules, which a pull does not follow: {Some(submodules)}", "Update by hand: git pull --ff-only --recurse-submodules, then watchreload reload");
        return await LacksLfs(to, objects, cancellation);
    }

    private async Task<Refusal?> LacksLfs(string commit, GitObjects objects, CancellationToken cancellation)
    {
        var uses = await objects.Run(cancellation, "grep", "--quiet", "-I", "-E", "filter=lfs", commit, "--", ":(glob)**/.gitattributes");
        if (!uses.Ok)
            return null;
        var filter = await checkout.Git.Run(checkout.Root, cancellation, "config", "--get-regexp", @"^filter\.lfs\.(process|smudge)$");
        return filter.Ok ? null : new Refusal("The commit keeps files in Git LFS, which is not set up for this user: they would be checked out as pointers", "Install git-lfs, then: git lfs install");
    }

    // :oldmode newmode oldid newid status \0 path \0
    private static IEnumerable<(string Modes, string Path)> Pairs(string[] fields)
    {
        for (var i = 0; i + 1 < fields.Length; i += 2)
            yield return (fields[i].Length > 14 ? fields[i][1..14] : "", fields[i + 1]);
    }

    private static string Some(IReadOnlyCollection<string> paths) => string.Join(", ", paths.Take(5)) + (paths.Count > 5 ? $" and {paths.Count - 5} more" : "");

    private async Task<GitOutcome> Ask(CancellationToken cancellation, params string[] arguments)
    {
        var answer = await checkout.Git.Run(checkout.Root, cancellation, arguments);
        return answer.Ok ? answer : throw new GitException(GitFailure.Explain($"ask git ({arguments[0]})", answer));
    }
}
