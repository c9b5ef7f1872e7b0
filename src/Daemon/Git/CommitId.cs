namespace WatchReload.Daemon.Git;

internal static class CommitId
{
    /// <summary>Whether it is a full id, SHA-1 or SHA-256. What comes from outside must be one before git sees it: a word could be an option.</summary>
    public static bool IsOne(string text) => text.Length is 40 or 64 && text.All(char.IsAsciiHexDigit);

    public static string Short(string commit) => commit.Length > 10 ? commit[..10] : commit;
}
