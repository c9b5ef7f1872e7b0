using Microsoft.Extensions.Logging;
using WatchReload.Control;

namespace WatchReload.Daemon.Delivery;

/// <summary>
/// Follows a node for as long as it lives, because a commit is not its last word: on trial it may go back by itself. After a lost
/// connection the latest ends of trials come again, so none is missed, and the same one may come twice.
/// </summary>
internal sealed class TrialFollower(NodeLink node, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan _again = TimeSpan.FromSeconds(1);

    /// <summary>Ends with the node, or when cancelled.</summary>
    public async Task Follow(Func<TrialEnd, Task> told, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                await using var lines = await node.Trials(cancellation);
                await foreach (var end in lines.WithCancellation(cancellation))
                    await Tell(end);
                return;
            }
            catch (PipeException e) when (e.Failure == PipeFailure.NobodyListens)
            {
                return;
            }
            catch (PipeException e) when (e.Failure is PipeFailure.Lost or PipeFailure.TimedOut)
            {
                await Task.Delay(_again, time, cancellation); // it may be busy, or going down: then nobody listens the next time
            }
            catch (ControlException e)
            {
                DeliveryLog.TrialsNotFollowed(log, node.Node, e.Message);
                return;
            }
        }

        async Task Tell(TrialEnd end)
        {
            try
            {
                await told(end);
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested)
            {
                DeliveryLog.TrialEndNotTold(log, e, node.Node, end.Version); // it comes again with the next connection; the node's next ones come now
            }
        }
    }
}
