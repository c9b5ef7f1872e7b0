using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using WatchReload.Control;

namespace WatchReload.Daemon.Releases;

/// <summary>
/// A directory beside the final ones, under a name that nobody looks at, in which something is made whole; then it is sealed and renamed,
/// or nothing of it stays. The caller holds the lock of the releases: so a workspace that is found with the lock in hand belongs to a
/// process that is dead.
/// </summary>
internal sealed class Workspace : IDisposable
{
    private const string Staging = ".staging-";
    private const string Doomed = ".doomed-";

    private readonly ILogger _log;
    private bool _published;

    private Workspace(string directory, ILogger log) => (Directory, _log) = (directory, log);

    public string Directory { get; }

    public static Workspace Create(string parent, ILogger log)
    {
        var workspace = new Workspace(Path.Combine(parent, Staging + RandomNumberGenerator.GetHexString(12, lowercase: true)), log);
        SealedDirectory.Create(workspace.Directory);
        return workspace;
    }

    /// <summary>Makes it what it is meant to be: from here on it is there after any crash, before it is not.</summary>
    public void Publish(string target)
    {
        SealedDirectory.Seal(Directory);
        PausePoint.Reach("before-release");
        System.IO.Directory.Move(Directory, target);
        _published = true;
        PausePoint.Reach("after-release");
        DurableFile.SyncDirectory(Path.GetDirectoryName(target)!);
    }

    /// <summary>Takes a directory out of sight at once, then deletes it.</summary>
    public static void Remove(string directory, ILogger log)
    {
        var parent = Path.GetDirectoryName(directory)!;
        var doomed = Path.Combine(parent, Doomed + Path.GetFileName(directory) + "-" + RandomNumberGenerator.GetHexString(6, lowercase: true));
        System.IO.Directory.Move(directory, doomed);
        DurableFile.SyncDirectory(parent);
        Delete(doomed, log);
    }

    /// <summary>Removes what dead processes left in a directory of releases or package sets.</summary>
    public static void RemoveLeftovers(string parent, ILogger log)
    {
        foreach (var directory in System.IO.Directory.EnumerateDirectories(parent, ".*").Where(IsOurs).ToList())
        {
            if (Delete(directory, log))
                log.LeftoverRemoved(directory);
        }
    }

    public void Dispose()
    {
        if (!_published)
            Delete(Directory, _log);
    }

    private static bool IsOurs(string directory) =>
        Path.GetFileName(directory) is var name && (name.StartsWith(Staging, StringComparison.Ordinal) || name.StartsWith(Doomed, StringComparison.Ordinal));

    // What cannot be deleted now is out of everybody's sight, and is tried again with the next leftovers.
    private static bool Delete(string directory, ILogger log)
    {
        try
        {
            SealedDirectory.Delete(directory);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.NotRemoved(directory, e.Message);
            return false;
        }
    }
}
