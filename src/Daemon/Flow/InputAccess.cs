using System.Runtime.Versioning;
using WatchReload.Control;
using WatchReload.Daemon.Building;
using WatchReload.Daemon.Watching;

namespace WatchReload.Daemon.Flow;

/// <summary>
/// What of a build's inputs is read. The build names them, and one of another user may name what is none: a secret, all of the disk, a file without end.
/// </summary>
/// <param name="Hash">The content hash of a file that has this stamp.</param>
/// <param name="Walks">Whether files are looked for below a directory.</param>
internal sealed record InputAccess(Func<string, FileStamp, string> Hash, Func<string, bool> Walks)
{
    /// <summary>In bytes. No compiler reads so much.</summary>
    private const long LargestInput = 1L << 30;

    /// <summary>All that this process can read: the build could, too.</summary>
    private static readonly InputAccess _any = new(ContentHash.Of, _ => true);

    /// <param name="user">Who builds; null: the user of this process.</param>
    /// <param name="top">Of what is built.</param>
    public static InputAccess Of(BuildUser? user, string top) => user is not null && OperatingSystem.IsLinux() ? By(user, top) : _any;

    [SupportedOSPlatform("linux")]
    private static InputAccess By(BuildUser user, string top)
    {
        UserAccount? known = null; // one that is not there yet may be made while this process runs; nothing can be built before
        return new InputAccess(
            (path, stamp) => stamp.Length <= LargestInput && Account() is { } account ? ContentHash.Of(path, stamp, at => Open(account, at)) : ContentHash.Unreadable,
            directory => Account() is { } account && account.CanEnter(directory) && UserAccount.IsWithin(directory, top));

        UserAccount? Account() => known ??= UserAccount.Find(user.Name);
    }

    [SupportedOSPlatform("linux")]
    private static LimitedStream Open(UserAccount account, string path)
    {
        try
        {
            return new LimitedStream(account.OpenRead(path, bufferSize: 0), LargestInput, () => new IOException($"{path} is too large."));
        }
        catch (StateException e)
        {
            throw new UnauthorizedAccessException(e.Message, e);
        }
    }
}
