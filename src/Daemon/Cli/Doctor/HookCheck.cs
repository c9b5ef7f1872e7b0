using WatchReload.Control;
using WatchReload.Daemon.Events;
using WatchReload.Daemon.Resident;

namespace WatchReload.Daemon.Cli.Doctor;

/// <summary>Whether the daemon listens for hooks of another user, where it shall; when none runs, whether one could.</summary>
internal static class HookCheck
{
    private const string Check = "hook";

    public static async Task<IReadOnlyList<Finding>> Run(Workplace place, CancellationToken cancellation)
    {
        if (place.Settings.Hook is not { Group: { } group, Socket: { } socket })
            return [];
        if (ResidentClient.Find(place.State) is null)
            return [Possible(socket, group)];
        try
        {
            using var client = new GroupClient(socket);
            await using var underWay = await client.GetLines("/v1/attach", EventJson.Default.DaemonEvent, cancellation);
            return [Finding.Ok(Check, $"The daemon listens for the group {group} at {socket}.")];
        }
        catch (ControlException e)
        {
            return [Finding.Error(Check, $"The daemon runs, and no hook of the group {group} reaches it: {e.Message}", "Its log says why it has no socket, and what to do; then restart it: nodes go on.")];
        }
    }

    private static Finding Possible(string socket, string group)
    {
        try
        {
            GroupServer.Check(socket, group);
            return Finding.Ok(Check, $"A daemon can listen for the group {group} at {socket}.");
        }
        catch (StateException e)
        {
            return Finding.Error(Check, e.Message, e.Remedy);
        }
    }
}
