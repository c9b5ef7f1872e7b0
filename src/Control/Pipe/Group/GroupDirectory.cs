using System.Runtime.Versioning;

namespace WatchReload.Control;

/// <summary>
/// The directory of a socket for a group: owned by this user, which alone can write there; of that group, which can enter it; closed to all
/// others. The setgid bit gives what is made in it to the group. One that is there is looked at and never changed: it may have been named by mistake.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class GroupDirectory
{
    private const UnixFileMode Mode = UnixFileMode.SetGroup
        | UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute;

    private const UnixFileMode WritableByOthers = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <exception cref="StateException">It cannot be made, or is not as it must be.</exception>
    public static void Ensure(string path, uint group, string name) => Guarded(path, name, () =>
    {
        CheckParent(path);
        if (Posix.Stat(path, followLink: false) is null)
            Create(path, group, name);
        Check(path, group, name);
    });

    /// <summary>The same of one that is there; one that is not is not made.</summary>
    /// <exception cref="StateException">It is not as it must be.</exception>
    public static void Look(string path, uint group, string name) => Guarded(path, name, () =>
    {
        CheckParent(path);
        if (Posix.Stat(path, followLink: false) is not null)
            Check(path, group, name);
    });

    private static void Guarded(string path, string name, Action work)
    {
        try
        {
            work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StateException($"The directory {path} of the hook's socket cannot be made or looked at: {e.Message}", $"Let root make it: {Make(path, name)}", e);
        }
    }

    private static void CheckParent(string path)
    {
        if (Posix.Stat(Path.GetDirectoryName(path)!, followLink: true) is null)
            throw new StateException($"There is no {Path.GetDirectoryName(path)} for the directory of the hook's socket.", $"Make it, or name another place in hook.socket: mkdir {Path.GetDirectoryName(path)}");
        CheckAbove(path, Posix.UserId);
    }

    /// <summary>Whoever can rename one of the directories above it can put another in its place: that must be root and the owner alone.</summary>
    /// <exception cref="StateException">It is somebody else.</exception>
    public static void CheckAbove(string path, uint owner)
    {
        for (var above = Path.GetDirectoryName(path); above is not null; above = Path.GetDirectoryName(above))
        {
            if (Posix.Stat(above, followLink: true) is not { } stat)
                continue; // it cannot be entered then, either
            if (stat.Owner != 0 && stat.Owner != owner)
                throw new StateException($"{above}, in which the directory of the hook's socket lies, belongs to uid {stat.Owner}, who could put another one in its place.", "Name a place in hook.socket that belongs to root or to the service's user, such as /run/NAME/hook.sock.");
            if ((stat.Permissions & WritableByOthers) != 0 && (stat.Permissions & UnixFileMode.StickyBit) == 0)
                throw new StateException($"Other users can write to {above}, in which the directory of the hook's socket lies.", $"Close it: chmod go-w {above}; or name another place in hook.socket.");
        }
    }

    private static void Create(string path, uint group, string name)
    {
        Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        try
        {
            if (!Posix.TryGiveToGroup(path, group))
                throw new StateException($"{Accounts.UserName(Posix.UserId)} is not in the group {name}, and cannot make a directory for it.", $"Let root make it: {Make(path, name)}; or add this user to the group: usermod -aG {name} {Accounts.UserName(Posix.UserId)}");
            File.SetUnixFileMode(path, Mode); // a service manager may forbid it: RestrictSUIDSGID
        }
        catch
        {
            Directory.Delete(path);
            throw;
        }
    }

    private static void Check(string path, uint group, string name)
    {
        var stat = Posix.Stat(path, followLink: false) ?? throw new IOException("it is gone");
        if (!stat.IsDirectory)
            throw Unfit(path, "is not a directory", $"Name another place in hook.socket; or remove it: rm {path}");
        if (stat.Owner != Posix.UserId)
            throw Unfit(path, $"belongs to uid {stat.Owner}, not to the user of this process (uid {Posix.UserId})", $"Give it back: chown {Accounts.UserName(Posix.UserId)} {path}");
        if (stat.Group != group)
            throw Unfit(path, $"is of gid {stat.Group}, not of the group {name} (gid {group})", $"Let root make it right: {Make(path, name)}");
        if (stat.Permissions != Mode)
            throw Unfit(path, $"has the mode 0{Convert.ToString((int)stat.Permissions, 8)}", $"Its owner alone may write to it, and the group enter it: {Make(path, name)}");
    }

    private static string Make(string path, string name) => $"install -d -o {Accounts.UserName(Posix.UserId)} -g {name} -m 2750 {path}";

    private static StateException Unfit(string path, string how, string remedy) => new($"The directory {path} of the hook's socket {how}.", remedy);
}
