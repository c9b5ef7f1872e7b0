using Microsoft.Extensions.Logging;
using WatchReload.Control;
using WatchReload.Daemon.Events;

namespace WatchReload.Daemon.Delivery;

/// <summary>After a commit: watches for the version before to be unloaded, or says what holds it. In the background; gives up at the deadline.</summary>
internal sealed class VersionFollower(IEventSink events, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan _deadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(250);

    /// <summary>Ends when the version is unloaded, kept on purpose, or still there at the deadline; or with the node.</summary>
    public async Task Follow(NodeLink node, int version, CancellationToken cancellation)
    {
        OldVersion? old = null;
        try
        {
            for (var start = time.GetTimestamp(); time.GetElapsedTime(start) < _deadline; await Task.Delay(_interval, time, cancellation))
            {
                if (await node.Status(cancellation) is not { } status)
                    return;
                old = status.OldVersions.FirstOrDefault(v => v.Version == version);
                if (old is null or { State: "unloaded" })
                {
                    events.Emit(new VersionUnloaded(node.Node, version));
                    return;
                }

                if (old.State == "kept")
                    return;
            }

            if (old is not null)
                events.Emit(new VersionLingering(node.Node, version, old.Holders) { HolderCount = old.HolderCount });
        }
        catch (ControlException e)
        {
            DeliveryLog.NotFollowed(log, node.Node, version, e.Message);
        }
        catch (OperationCanceledException)
        {
            // The command ends; the node goes on by itself.
        }
    }
}
