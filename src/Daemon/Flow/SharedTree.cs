using WatchReload.Control;
using WatchReload.Daemon.Git;

namespace WatchReload.Daemon.Flow;

/// <summary>A directory of this process's user that the user that builds can read and not change, and no third can enter where that can be had.</summary>
internal static class SharedTree
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Group = UnixFileMode.GroupRead | UnixFileMode.GroupExecute;
    private const UnixFileMode Others = UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private static readonly EnumerationOptions _everything = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };

    /// <summary>Makes it, or opens the one that is there. Null, or why that user cannot read it.</summary>
    public static Refusal? Make(string directory, string user)
    {
        if (!OperatingSystem.IsLinux())
            return null; // the build says so
        try
        {
            OwnedPath.EnsureDirectory(directory);
        }
        catch (StateException e)
        {
            return new Refusal(e.Message.TrimEnd('.'), e.Remedy);
        }

        if (UserAccount.Find(user) is not { } account)
            return null; // that too
        File.SetUnixFileMode(directory, account.ShareWithGroup(directory) ? Owner | Group : Owner | Group | Others);
        return account.CanEnter(directory) ? null
            : new Refusal($"{user}, who builds, cannot enter {directory}, where the pushed tree is built", $"Let it enter the directories above: namei -l {directory}");
    }

    /// <summary>What was written there by a process with whatever umask.</summary>
    public static void Open(string directory)
    {
        if (OperatingSystem.IsWindows())
            return;
        File.SetUnixFileMode(directory, Owner | Group | Others);
        foreach (var path in Directory.EnumerateFileSystemEntries(directory, "*", _everything))
            File.SetUnixFileMode(path, Directory.Exists(path) ? Owner | Group | Others : File.GetUnixFileMode(path) | Readable);
    }
}
