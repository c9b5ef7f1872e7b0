using WatchReload.Control;
using WatchReload.Daemon.Releases;

namespace WatchReload.Daemon.Delivery;

/// <summary>Delivers to one node: sends the request, follows it to its report.</summary>
internal sealed class NodeDelivery(NodeLink node, Fence fence, TimeProvider time)
{
    /// <summary>How long a node keeps what it prepared while the others are asked.</summary>
    public static readonly TimeSpan Hold = TimeSpan.FromSeconds(30);

    public string Node => node.Node;

    /// <summary>Sends it and waits for the report. The node that it replaces is looked up at the last moment.</summary>
    public async Task<NodeVerdict> Deliver(DeliveryOrder order, CancellationToken cancellation)
    {
        if (await Address(order, cancellation) is not { } request)
            return Gone();
        return order.Rehearse ? await Send(request, "?rehearse=true", cancellation) : await Send(request, cancellation);
    }

    /// <summary>Rehearses what the node had when it told its status: unchanged, or, when it is another by now, superseded. Nothing is loaded, and no other order is in its way.</summary>
    public Task WarmUp(Release release, NodeStatus status, CancellationToken cancellation) => Rehearse(release, status, WalkCauses.WarmUp, cancellation);

    /// <summary>The same once more, of which the node tells nothing.</summary>
    public Task Practise(Release release, NodeStatus status, CancellationToken cancellation) => Rehearse(release, status, WalkCauses.Practice, cancellation);

    private async Task Rehearse(Release release, NodeStatus status, string cause, CancellationToken cancellation) => await Send(
        new ReloadRequest
        {
            Release = release.Id,
            Directory = release.Directory,
            ManifestHash = release.ManifestHash,
            ExpectInstance = status.Instance,
            ExpectVersion = status.Version,
            Fence = status.Fence + 1, // of no order: those are numbered above what the node has seen, and a rehearsal is not seen
            Cause = cause,
        },
        "?rehearse=true",
        cancellation);

    /// <summary>Sends deltas and waits for the report.</summary>
    public async Task<NodeVerdict> Deliver(DeltaOrder order, CancellationToken cancellation) => await Send(
        new ReloadRequest
        {
            Release = order.Release.Id,
            Directory = order.Release.Directory,
            ManifestHash = order.Release.ManifestHash,
            ExpectInstance = order.To.Instance,
            ExpectVersion = order.To.Version,
            Fence = await fence.Next(order.To.Fence, cancellation),
            Cause = order.Cause,
            ProbationSeconds = order.Probation.TotalSeconds,
            Delta = order.Delta,
        },
        cancellation);

    /// <summary>Has the node prepare, and returns when it has, or has refused. Given up after that, it goes on to its decision.</summary>
    public async Task<HeldReload> Prepare(DeliveryOrder order, CancellationToken cancellation)
    {
        ReloadRequest? request;
        try
        {
            request = await Address(order, cancellation);
        }
        catch (ControlException e)
        {
            return HeldReload.Decided(node, NotAsked(e));
        }

        if (request is null)
            return HeldReload.Decided(node, Gone());
        var sent = new SentRequest(time, cancellation);
        PipeLines<ReloadEvent>? lines = null;
        try
        {
            lines = await node.Reload(request, $"?hold={Hold.TotalSeconds:0}", sent.Token);
            return await HeldReload.Follow(node, lines, (e, stop) => Settle(request, e, stop), sent);
        }
        catch (PipeException e)
        {
            if (lines is not null)
                await lines.DisposeAsync();
            using (sent)
                return HeldReload.Decided(node, await Settle(request, e, sent.Token));
        }
        catch
        {
            sent.Dispose();
            throw;
        }
    }

    private async Task<NodeVerdict> Send(ReloadRequest request, CancellationToken cancellation)
    {
        using var sent = new SentRequest(time, cancellation);
        return await Send(request, "", sent.Token);
    }

    private async Task<NodeVerdict> Send(ReloadRequest request, string query, CancellationToken cancellation)
    {
        try
        {
            await using var lines = await node.Reload(request, query, cancellation);
            return await Report(lines, request, cancellation);
        }
        catch (PipeException e)
        {
            return await Settle(request, e, cancellation);
        }
    }

    private async Task<ReloadRequest?> Address(DeliveryOrder order, CancellationToken cancellation)
    {
        if (await node.Status(cancellation) is not { } status)
            return null;
        return new ReloadRequest
        {
            Release = order.Release.Id,
            Directory = order.Release.Directory,
            ManifestHash = order.Release.ManifestHash,
            ExpectInstance = status.Instance,
            ExpectVersion = status.Version,
            Fence = await fence.Next(status.Fence, cancellation),
            Cause = order.Cause,
            Rollback = order.Rollback,
            Force = order.Force,
            RefuseStragglers = order.RefuseStragglers,
            ProbationSeconds = order.Probation.TotalSeconds,
        };
    }

    private async Task<NodeVerdict> Report(PipeLines<ReloadEvent> lines, ReloadRequest request, CancellationToken cancellation)
    {
        await foreach (var line in lines.WithCancellation(cancellation))
        {
            if (line.Report is { } report)
                return new NodeVerdict(Node, report);
        }

        return await Settle(request, new PipeException(PipeFailure.Lost, $"Node {Node} ended its answer without a report.", "Look: watchreload status"), cancellation);
    }

    private async Task<NodeVerdict> Settle(ReloadRequest request, PipeException e, CancellationToken cancellation) => e.Failure switch
    {
        PipeFailure.Lost or PipeFailure.TimedOut => await new LostConnection(node, time).Inquire(request, e, cancellation),
        PipeFailure.NobodyListens => Gone(),
        _ => NodeVerdict.Refused(Node, request.ExpectVersion, $"{e.Message} {e.Remedy}"),
    };

    /// <summary>It has not come to a request; the others, which have prepared, are to let go at once and not when their hold ends.</summary>
    private NodeVerdict NotAsked(ControlException e) => NodeVerdict.Refused(Node, 0, $"{e.Message} {e.Remedy}") with { Unknown = true };

    private NodeVerdict Gone() =>
        NodeVerdict.Refused(Node, 0, $"Node {Node} does not run. Start it: watchreload watch, or watchreload run.") with { Unknown = true };
}
