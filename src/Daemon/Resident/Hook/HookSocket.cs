using Microsoft.Extensions.Logging;
using WatchReload.Control;
using WatchReload.Daemon.Cli;
using WatchReload.Daemon.Flow;

namespace WatchReload.Daemon.Resident.Hook;

/// <summary>Where the daemon listens for hooks of a git user that is not the service's user.</summary>
internal static class HookSocket
{
    /// <summary>Null where none is configured, or it cannot be had. That is told, and the daemon goes on: a service must not stay down for want of a directory for pushes.</summary>
    public static async Task<GroupServer?> Start(Invocation call, Workbench bench, AttemptQueue queue, CancellationToken cancellation)
    {
        var log = bench.Logging.CreateLogger<HookRoutes>();
        var pushes = new HandedPushes(bench.Place.State, bench.Place.Settings.Releases.MinimumFreeSpace, call.Time, log);
        pushes.Clear(); // also when no hook hands in any more
        if (bench.Place.Settings.Hook is not { Group: { } group, Socket: { } socket })
            return null;
        try
        {
            if (Path.GetFullPath(socket).StartsWith(Path.TrimEndingDirectorySeparator(bench.Place.State.Root) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                throw new StateException($"{socket} lies in the state directory, which is closed to all other users.", "Name another place in hook.socket, such as /run/NAME/hook.sock.");
            var stream = new AttemptStream(queue, bench.Pipeline, log, new PusherView(bench.Place.Settings.Root).Show);
            var routes = new HookRoutes(stream, pushes, bench.Place, log);
            return await GroupServer.Start(new GroupServerOptions { Socket = socket, Group = group, Time = call.Time, Logging = bench.Logging }, routes.Map, cancellation);
        }
        catch (Exception e) when (e is ControlException or IOException or UnauthorizedAccessException)
        {
            ResidentLog.NoHookSocket(log, e.Message, (e as ControlException)?.Remedy ?? "Name another place in hook.socket.");
            return null;
        }
    }
}
