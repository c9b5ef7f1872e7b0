namespace WatchReload.Daemon.Git;

internal abstract record PullResult
{
    /// <summary>The checkout went from one commit to the other; or it would have, had it been asked to merge.</summary>
    /// <param name="Commits">Newest first; at most 50.</param>
    /// <param name="Count">How many there are in all.</param>
    internal sealed record Pulled(string From, string To, IReadOnlyList<GitCommit> Commits, int Count) : PullResult;

    /// <summary>The checkout is at what was asked for, or at a newer commit that contains it.</summary>
    internal sealed record UpToDate(string Commit) : PullResult;

    /// <summary>Nothing was changed in the checkout.</summary>
    internal sealed record Refused(Refusal Why) : PullResult;
}

internal sealed record GitCommit(string Id, string Author, string Subject);
