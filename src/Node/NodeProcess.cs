using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using WatchReload.Control;
using WatchReload.Hosting;

namespace WatchReload.Node;

/// <summary>The life of the node's process: start, serve until a signal or the pipe asks for the end, stop in order.</summary>
internal static class NodeProcess
{
    public static async Task<int> Run(NodeOptions options, ILoggerFactory loggers, ServiceManager manager)
    {
        var logger = loggers.CreateLogger("WatchReload.Node");
        try
        {
            await using var node = new WatchReloadNode(options, loggers);
            var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
            using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
            // The terminal that it was started from may go away.
            using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, static signal => signal.Cancel = true);
            using var orphans = Orphans.OfFirstProcess(options.Time, logger);
            if (await node.Start() is { } failed)
            {
                ProcessLog.NotStarted(logger, options.Name, string.Join(Environment.NewLine, failed.Problems));
                return ExitCodes.Refused;
            }

            await using (LifeReports.Begin(node, manager, options.Time))
                await Task.WhenAny(stop.Task, node.StopRequested);
            manager.Stopping($"Stopping, until these connections have drained: {node.Status().Connections}");
            await node.StopInOrder();
            return node.EndedByPolicy ? ExitCodes.EndedByPolicy : ExitCodes.Done;

            void OnSignal(PosixSignalContext signal)
            {
                signal.Cancel = true;
                stop.TrySetResult();
            }
        }
        catch (ControlException cause)
        {
            ProcessLog.NotStarted(logger, options.Name, $"{cause.Message} {cause.Remedy}");
            return ExitCodes.Usage;
        }
        catch (Exception cause)
        {
            ProcessLog.Defect(logger, cause, options.Name);
            return ExitCodes.Defect;
        }
    }
}
