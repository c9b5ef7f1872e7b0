using System.Runtime.Versioning;

namespace WatchReload.Control;

/// <summary>Creates directories that only this user can use, and refuses paths that another user could have put there or can change.</summary>
public static class OwnedPath
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode WritableByOthers = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
    private const UnixFileMode AnythingByOthers = WritableByOthers
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>Creates the state directory (0700) where it is missing, and checks it.</summary>
    /// <exception cref="StateException">It cannot be created, or others own it or can write to it.</exception>
    public static void EnsureState(StateDirectory state)
    {
        ArgumentNullException.ThrowIfNull(state);
        Create(state.Root);
        CheckDirectory(state.Root, followLink: true); // where the state lies may well be a link that its user made
        EnsureDirectory(state.Run);
    }

    /// <summary>Creates a node's directory (0700) where it is missing, and checks it. Each by itself: parents that are made along the way get what the umask leaves.</summary>
    /// <exception cref="StateException">It cannot be created, or others own it or can write to it.</exception>
    public static void EnsureNode(StateDirectory state, string node)
    {
        ArgumentNullException.ThrowIfNull(state);
        EnsureState(state);
        EnsureDirectory(Path.GetDirectoryName(state.NodeDirectory(node))!);
        EnsureDirectory(state.NodeDirectory(node));
    }

    /// <summary>Creates a directory (0700) where it is missing, and checks it.</summary>
    /// <exception cref="StateException">It cannot be created, or others own it or can write to it.</exception>
    public static void EnsureDirectory(string path)
    {
        Create(path);
        CheckDirectory(path);
    }

    /// <summary>Refuses a directory that another user owns or can write to.</summary>
    internal static void CheckDirectory(string path, bool followLink = false)
    {
        if (!OperatingSystem.IsWindows())
            LookAt(path, WritableByOthers, $"chmod go-w {path}", followLink);
    }

    /// <summary>Refuses a file that another user owns, or has any access to.</summary>
    internal static void CheckSecret(string path)
    {
        if (!OperatingSystem.IsWindows())
            LookAt(path, AnythingByOthers, $"chmod 600 {path}", followLink: false);
    }

    private static void Create(string path)
    {
        try
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(path); // below the user's profile, whose access control list it inherits
            else if (!Directory.Exists(path))
                Directory.CreateDirectory(path, OwnerOnly);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StateException($"The directory {path} cannot be created: {e.Message}", "Give this user access to its parent directory, or choose another place with --state.", e);
        }
    }

    [UnsupportedOSPlatform("windows")]
    private static void LookAt(string path, UnixFileMode forbidden, string tighten, bool followLink)
    {
        try
        {
            Check(path, forbidden, tighten, followLink);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StateException($"{path} cannot be looked at: {e.Message}", "Is it there, and can this user reach it? If not, choose another state directory with --state.", e);
        }
    }

    [UnsupportedOSPlatform("windows")]
    private static void Check(string path, UnixFileMode forbidden, string tighten, bool followLink)
    {
        CheckOwner(path, followLink);
        if (new FileInfo(path).LinkTarget is { } target && !followLink)
            throw new StateException($"{path} is a symbolic link (to {target}), where a directory or file of its own is expected.", $"Remove the link: rm {path}");
        var mode = File.GetUnixFileMode(path);
        if ((mode & forbidden) != 0)
            throw new StateException($"{path} is open to other users (mode {Octal(mode)}); its owner is uid {Posix.UserId}, as it should be.", $"Close it: {tighten}");
    }

    [UnsupportedOSPlatform("windows")]
    private static void CheckOwner(string path, bool followLink)
    {
        if (OperatingSystem.IsLinux())
        {
            if (Posix.Stat(path, followLink) is { } stat && stat.Owner != Posix.UserId)
                throw Foreign(path, $"uid {stat.Owner}");
            return;
        }

        // Elsewhere the layout of stat differs by system and architecture; but only the owner may set a mode.
        try
        {
            File.SetUnixFileMode(path, File.GetUnixFileMode(path));
        }
        catch (UnauthorizedAccessException)
        {
            throw Foreign(path, "another user");
        }
    }

    private static StateException Foreign(string path, string owner) => new(
        $"{path} belongs to {owner}, not to the user of this process (uid {UserId}); its owner could pass for the node.",
        $"Run as its owner; or remove it, or give it back: chown {UserId} {path}; or choose another state directory with --state.");

    private static string UserId => OperatingSystem.IsWindows() ? Environment.UserName : Posix.UserId.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static string Octal(UnixFileMode mode) => "0" + Convert.ToString((int)mode, 8);
}
