using Microsoft.Extensions.Logging;
using WatchReload.Control;
using WatchReload.Daemon.Delivery;

namespace WatchReload.Daemon.Supervision;

/// <summary>Stops a node in order: it is asked, drains, and ends; past the deadline it is killed.</summary>
internal sealed class NodeStop(NodeLaunch launch, TimeProvider time, ILogger log)
{
    public async Task Stop(string node, NodeProcess process)
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
            await process.Exited(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            SupervisionLog.Killing(log, node, process.Pid, launch.StopDeadline.TotalSeconds);
            process.Kill();
        }
    }
}
