namespace WatchReload.Daemon.Git;

/// <param name="Repository">The repository that is pushed to: bare, or a checkout with <c>receive.denyCurrentBranch updateInstead</c>.</param>
/// <param name="Config">Absolute path of the watch.json of the checkout that serves.</param>
/// <param name="Branch">Short name of the branch that deploys; null: the one the checkout follows.</param>
/// <param name="Command">How to run watchreload: <see cref="HookCommand.OfThisProcess"/>.</param>
internal sealed record HookRequest(string Repository, string Config, string? Branch, IReadOnlyList<string> Command);

internal abstract record HookResult
{
    /// <param name="Path">The hook file.</param>
    /// <param name="Branch">The branch that deploys.</param>
    /// <param name="Chained">Where the hook that was there before lies now; it is run first. Null: there was none.</param>
    /// <param name="Changed">False: it was installed like this already.</param>
    internal sealed record Installed(string Path, string Branch, string? Chained, bool Changed) : HookResult;

    /// <param name="Restored">Whether the hook from before is back.</param>
    internal sealed record Uninstalled(string Path, bool Restored) : HookResult;

    internal sealed record NothingInstalled(string Path) : HookResult;

    internal sealed record Refused(Refusal Why) : HookResult;
}

/// <summary>Installs and takes out the post-receive hook.</summary>
internal static class Hooks
{
    public static Task<HookResult> Install(HookRequest request, GitCommand git, CancellationToken cancellation) => throw new NotImplementedException();

    public static Task<HookResult> Uninstall(string repository, GitCommand git, CancellationToken cancellation) => throw new NotImplementedException();
}
