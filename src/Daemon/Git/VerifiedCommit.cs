using WatchReload.Control;

namespace WatchReload.Daemon.Git;

/// <summary>The newest commit whose signatures were verified, kept in the state directory: from there on the next ones are, and there is no way back behind it.</summary>
internal static class VerifiedCommit
{
    /// <summary>Null: none was yet.</summary>
    public static string? Read(string file) => File.Exists(file) && File.ReadAllText(file).Trim() is var commit && CommitId.IsOne(commit) ? commit : null;

    public static void Write(string file, string commit)
    {
        if (Read(file) != commit)
            DurableFile.Write(file, commit + "\n");
    }
}
