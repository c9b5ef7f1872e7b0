using Microsoft.Extensions.Logging;
using WatchReload.Control;
using WatchReload.Daemon.Delivery;

namespace WatchReload.Daemon.Supervision;

/// <summary>Stops a node in order: it is asked, drains, and ends; past the deadline it is killed.</summary>
internal sealed class NodeStop(NodeLaunch launch, TimeProvider time, ILogger log)
{
    /// <summary>A process that is killed ends at once, unless the system holds it.</summary>
    private static readonly TimeSpan KillPatience = TimeSpan.FromSeconds(5);

    /// <summary>Its exit code; null when that is not known.</summary>
    public async Task<int?> Stop(string node, NodeProcess process)
    {
        using var link = new NodeLink(launch.State, node);
        try
        {
            await link.Stop(CancellationToken.None);
        }
        catch (ControlException e)
        {
            SupervisionLog.StopNotTaken(log, node, e.Message); // it may be going down already; else the deadline ends it
        }

        using var deadline = new CancellationTokenSource(launch.StopDeadline, time);
        try
        {
            return await process.Exited(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            SupervisionLog.Killing(log, node, process.Pid, launch.StopDeadline.TotalSeconds);
            process.Kill();
        }

        using var patience = new CancellationTokenSource(KillPatience, time);
        try
        {
            return await process.Exited(patience.Token);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }
}
