using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using WatchReload.Control;

namespace WatchReload.Hosting.Endpoint;

/// <summary>
/// Runs a reload apart from the request that asked for it.
/// </summary>
/// <remarks>
/// Theory of operation. The node's events are produced as they are asked for, so whoever asks drives the reload. Were that the request, a
/// client that reads slowly would hold the reload up, with the gate closed in the worst case, and one that goes away would leave it half
/// done. So a task of its own asks, and the request reads what it has put aside. There are few events, so the channel has no bound.
/// When the client goes away, a reload that still waits for its turn is given up; one that has begun goes on, and its events go unread.
/// </remarks>
internal static class ReloadRelay
{
    public static ChannelReader<ReloadEvent> Begin(INode node, ReloadRequest request, ReloadQuery query, string id, ILogger log, CancellationToken clientGone)
    {
        var events = Channel.CreateUnbounded<ReloadEvent>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
        using (ExecutionContext.SuppressFlow()) // what a reload starts lives on, and must not hold on to the request
            _ = Task.Run(() => Pump(node.Reload(request, id, query.Rehearse, query.Hold, clientGone), events.Writer, id, log, clientGone), CancellationToken.None);
        return events.Reader;
    }

    private static async Task Pump(IAsyncEnumerable<ReloadEvent> reload, ChannelWriter<ReloadEvent> events, string id, ILogger log, CancellationToken clientGone)
    {
        try
        {
            await foreach (var e in reload)
                events.TryWrite(e);
            events.TryComplete();
            if (clientGone.IsCancellationRequested)
                EndpointLog.FinishedUnseen(log, id);
        }
        catch (OperationCanceledException) when (clientGone.IsCancellationRequested)
        {
            EndpointLog.GivenUp(log, id);
            events.TryComplete();
        }
        catch (Exception e)
        {
            if (clientGone.IsCancellationRequested)
                EndpointLog.Failed(log, e, id); // else the request fails with it, and is logged
            events.TryComplete(e);
        }
    }
}
