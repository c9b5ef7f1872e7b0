using WatchReload.Control;

namespace WatchReload.Daemon.Building;

/// <summary>Whether builds can be another user's here. Only looks.</summary>
internal static class BuildUserCheck
{
    /// <summary>Of the path of a socket that the system takes, without the closing zero; some are shorter.</summary>
    private const int LongestSocket = 100;

    /// <summary>The account, or what is wrong with it, with its directory or with this process.</summary>
    public static (UserAccount? Account, BuildObstacle? Why) Run(BuildUser user)
    {
        if (!OperatingSystem.IsLinux())
            return (null, new("A build as another user is there on Linux only.", "Leave build.user out."));
        if (UserAccount.Find(user.Name) is not { } account)
            return (null, new($"There is no user {user.Name} on this machine.", $"Make it: useradd --system --shell /usr/sbin/nologin {user.Name}; or name another one in build.user."));
        if (account.Id == 0)
            return (null, new("build.user is root, from which nothing can be kept.", "Name a user in build.user that owns nothing else."));
        if (account.Id == UserAccount.Own)
            return (null, new($"build.user is {user.Name}, the user that watchreload itself runs as.", "Name another one, or leave it out."));
        if (System.Text.Encoding.UTF8.GetByteCount(user.Socket(BuilderSeat.Second)) > LongestSocket)
            return (null, new($"{user.Directory} is too long a path for a socket to lie in it.", "Name a shorter one in build.directory, such as /var/lib/NAME-build."));
        if (account.Unfit(user.Directory) is (var cause, var remedy))
            return (null, new(cause, remedy));
        return BuilderStart.Obstacle(account) is { } obstacle ? (null, obstacle) : (account, null);
    }
}
