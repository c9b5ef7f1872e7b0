namespace WatchReload.Daemon.Git;

internal abstract record HookResult
{
    /// <param name="Path">The hook file.</param>
    /// <param name="Branch">The branch that deploys.</param>
    /// <param name="Chained">Where the hook that was there before lies now; it is run first. Null: there was none.</param>
    /// <param name="Changed">False: it was installed like this already.</param>
    internal sealed record Installed(string Path, string Branch, string? Chained, bool Changed) : HookResult
    {
        /// <summary>The pre-receive hook; null: pushes are accepted unseen.</summary>
        public string? Gate { get; init; }
    }

    /// <param name="Path">The hook file.</param>
    /// <param name="Restored">Whether the hook from before is back.</param>
    internal sealed record Uninstalled(string Path, bool Restored) : HookResult;

    internal sealed record NothingInstalled(string Path) : HookResult;

    internal sealed record Refused(Refusal Why) : HookResult;
}
