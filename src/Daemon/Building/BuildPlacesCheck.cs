using System.Runtime.Versioning;
using WatchReload.Control;

namespace WatchReload.Daemon.Building;

/// <summary>Whether what a build as another user is to be kept from is kept from it where it lies. Only looks.</summary>
[SupportedOSPlatform("linux")]
internal static class BuildPlacesCheck
{
    /// <summary>What git runs and believes: whoever can write it has git run what they like, as the user that deploys.</summary>
    private static readonly string[] _ofGit = [".git", ".git/config", ".git/hooks", ".git/objects", ".git/refs", ".git/HEAD"];

    /// <param name="account">Who builds.</param>
    /// <param name="user">And where.</param>
    /// <param name="state">Made already, or it is not looked at.</param>
    /// <param name="top">Of the checkout; null where none is known.</param>
    public static BuildObstacle? Run(UserAccount account, BuildUser user, StateDirectory state, string? top)
    {
        try
        {
            return Look(account, user, state, top);
        }
        catch (IOException e)
        {
            return new($"Whether the state directory and the checkout are closed to {user.Name} cannot be seen: {e.Message}.", $"Let {UserAccount.OwnName} look at them.");
        }
    }

    private static BuildObstacle? Look(UserAccount account, BuildUser user, StateDirectory state, string? top) =>
        Exposed(account, state)
        ?? Contained(user, state.Root, "the state directory")
        ?? Contained(user, BuildUser.Gate(state), "the place of pushed trees")
        ?? (top is null ? null : Contained(user, top, "the checkout") ?? Writable(account, top));

    private static BuildObstacle? Exposed(UserAccount account, StateDirectory state) => Directory.Exists(state.Root) && account.CanLookInto(state.Root)
        ? new($"Other users can look into the state directory {state.Root}, which holds what a build as {account.Name} is kept from.", $"Close it: chmod 700 {state.Root}")
        : null;

    private static BuildObstacle? Contained(BuildUser user, string place, string what) => IsWithin(place, user.Directory)
        ? new($"{what[..1].ToUpperInvariant()}{what[1..]} ({place}) lies in {user.Directory}, where {user.Name} can put another in its place.", "Name a directory in build.directory that holds nothing but what is built, such as /var/lib/NAME-build.")
        : null;

    private static BuildObstacle? Writable(UserAccount account, string top) =>
        _ofGit.Select(name => Path.Combine(top, name)).FirstOrDefault(account.CanChange) is { } open
            ? new($"{account.Name}, who builds, can change {open}, which git goes by when watchreload asks it.", $"Take it from that user: chown -R {UserAccount.OwnName} {Path.Combine(top, ".git")}, and chmod -R go-w {Path.Combine(top, ".git")}")
            : null;

    // Also by name: what is not there yet may be made later.
    private static bool IsWithin(string place, string directory) =>
        $"{Path.TrimEndingDirectorySeparator(place)}/".StartsWith($"{Path.TrimEndingDirectorySeparator(directory)}/", StringComparison.Ordinal) || UserAccount.IsWithin(place, directory);
}
