using System.Runtime.Versioning;

namespace WatchReload.Control;

/// <summary>A user of this machine, and what it may read: for a process that reads in place of another user, and must not read more than that one could.</summary>
[SupportedOSPlatform("linux")]
public sealed class UserAccount
{
    private const UnixFileMode WritableByOthers = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    private readonly uint _id;
    private readonly uint _group;
    private readonly HashSet<uint> _groups;

    private UserAccount(string name, uint id, uint group)
    {
        (Name, _id, _group) = (name, id, group);
        _groups = [group, .. Accounts.Groups(name, group)];
    }

    public string Name { get; }

    public long Id => _id;

    /// <summary>The first of its groups.</summary>
    public long Group => _group;

    /// <summary>The user id of this process.</summary>
    public static long Own => Posix.UserId;

    /// <summary>The name of the user of this process.</summary>
    public static string OwnName => Accounts.UserName(Posix.UserId);

    /// <summary>Null when the system knows no such user.</summary>
    public static UserAccount? Find(string name) => Accounts.User(name) is var (id, group) ? new UserAccount(name, id, group) : null;

    /// <summary>Opens a file that this user could open by itself: it is told by the modes of what lies at the path, links followed, and of all directories above that.</summary>
    /// <remarks>What was looked at is what is opened, whatever lies at the path by then. Access that is granted by a list beside the modes does not count.</remarks>
    /// <exception cref="StateException">The user could not read it, or it is no file.</exception>
    /// <exception cref="IOException">It cannot be looked at, or opened.</exception>
    public FileStream OpenRead(string path, int bufferSize = 4096)
    {
        ArgumentNullException.ThrowIfNull(path);
        using var found = FoundFile.At(path);
        found.CheckFile();
        if (!May(found.Stat, UnixFileMode.UserRead, UnixFileMode.GroupRead, UnixFileMode.OtherRead) || Closed(found.Place) is not null)
            throw new StateException($"{found.Shown} cannot be read by {Name}, so it is not read for it.", "Find out who put it there; or let that user read it, if that is meant.");
        return found.OpenRead(bufferSize);
    }

    /// <summary>Whether it could read everything in this directory that is open to it.</summary>
    public bool CanEnter(string directory)
    {
        try
        {
            return Posix.Stat(directory, followLink: true) is { IsDirectory: true } stat
                && May(stat, UnixFileMode.UserRead, UnixFileMode.GroupRead, UnixFileMode.OtherRead) && Closed(Path.Combine(Real(directory), "x")) is null;
        }
        catch (IOException)
        {
            return false; // this process cannot look
        }
    }

    /// <summary>Whether the directory is this user's, no other can write to it, and no other but root and this process's user can put another in its place. The cause and the remedy if not.</summary>
    public (string Cause, string Remedy)? Unfit(string directory)
    {
        ArgumentNullException.ThrowIfNull(directory);
        try
        {
            return Look(directory);
        }
        catch (IOException e)
        {
            return ($"{directory} cannot be looked at: {e.Message}.", $"Let {OwnName} enter it and all directories above.");
        }
    }

    /// <summary>Whether a directory, wherever links lead, lies below another, or is that one. False when that cannot be told.</summary>
    public static bool IsWithin(string directory, string top)
    {
        try
        {
            var (at, above) = (Real(directory), Real(top));
            return at == above || above == "/" || at.StartsWith(above + "/", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Whether others than the owner, this user among them, can read a directory or enter it, by its own mode. A group that this user is not in does not count.</summary>
    /// <exception cref="IOException">It cannot be looked at.</exception>
    public bool CanLookInto(string directory) => Posix.Stat(directory, followLink: true) is { } stat
        && ((stat.Permissions & (UnixFileMode.OtherRead | UnixFileMode.OtherExecute)) != 0
            || ((stat.Permissions & (UnixFileMode.GroupRead | UnixFileMode.GroupExecute)) != 0 && _groups.Contains(stat.Group)));

    /// <summary>Whether this user can write there, or let itself; by the modes of what lies at the path, links followed. What is above it does not count.</summary>
    /// <exception cref="IOException">It cannot be looked at.</exception>
    public bool CanChange(string path) => Posix.Stat(path, followLink: true) is { } stat && (stat.Owner == _id || May(stat, UnixFileMode.UserWrite, UnixFileMode.GroupWrite, UnixFileMode.OtherWrite));

    /// <summary>Gives a directory of this process's user to the first group of that one, which may read it; false when that is not permitted.</summary>
    public bool ShareWithGroup(string directory) => Posix.TryGiveToGroup(directory, _group);

    private (string Cause, string Remedy)? Look(string directory)
    {
        var make = $"install -d -o {Name} -m 755 {directory}";
        if (Posix.Stat(directory, followLink: false) is not { } stat)
            return ($"There is no {directory}.", $"Let root make it: {make}");
        if (!stat.IsDirectory)
            return ($"{directory} is no directory.", $"Name another place; or remove it, and let root make it: {make}");
        if (stat.Owner != _id)
            return ($"{directory} belongs to {Accounts.UserName(stat.Owner)}, not to {Name}.", $"Give it to that user: chown {Name} {directory}");
        if ((stat.Permissions & WritableByOthers) != 0)
            return ($"Others than {Name} can write to {directory}.", $"Close it: chmod go-w {directory}");
        for (var above = Path.GetDirectoryName(directory); above is not null; above = Path.GetDirectoryName(above))
        {
            if (Posix.Stat(above, followLink: true) is not { } parent)
                continue;
            if (parent.Owner != 0 && parent.Owner != _id && parent.Owner != Posix.UserId)
                return ($"{above}, in which {directory} lies, belongs to {Accounts.UserName(parent.Owner)}, who could put another one in its place.", $"Name a place below directories of root, of {Name} or of {OwnName}.");
            if ((parent.Permissions & WritableByOthers) != 0 && (parent.Permissions & UnixFileMode.StickyBit) == 0)
                return ($"Other users can write to {above}, in which {directory} lies.", $"Close it: chmod go-w {above}; or name another place.");
        }

        return Closed(directory) is { } closed ? ($"{Name} cannot enter {closed}, in which its directory lies.", $"Open it: chmod o+x {closed}") : null;
    }

    /// <summary>The first directory above a path that this user cannot enter; null when it can enter all.</summary>
    private string? Closed(string path)
    {
        for (var above = Path.GetDirectoryName(path); above is not null; above = Path.GetDirectoryName(above))
        {
            if (Posix.Stat(above, followLink: false) is not { } stat || !May(stat, UnixFileMode.UserExecute, UnixFileMode.GroupExecute, UnixFileMode.OtherExecute))
                return above;
        }

        return null;
    }

    private bool May(Posix.Statx stat, UnixFileMode owner, UnixFileMode group, UnixFileMode others) =>
        (stat.Permissions & (stat.Owner == _id ? owner : _groups.Contains(stat.Group) ? group : others)) != 0;

    private static string Real(string directory)
    {
        using var found = FoundFile.At(directory);
        return found.Place;
    }
}
