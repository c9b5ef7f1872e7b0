namespace WatchReload.Daemon.Delivery;

/// <summary>
/// Delivers a release to the nodes that run. One node: prepare and commit in one request. Several: all prepare and hold, then all
/// commit; if any refuses, all let go, so that a release that one node cannot take is live on none.
/// </summary>
internal static class Deliverer
{
    public static async Task<IReadOnlyList<NodeVerdict>> Deliver(IReadOnlyList<NodeDelivery> nodes, DeliveryOrder order, TimeProvider time, CancellationToken cancellation)
    {
        if (nodes.Count == 1 || order.Rehearse)
            return await Task.WhenAll(nodes.Select(n => n.Deliver(order, cancellation)));
        var preparing = nodes.Select(n => n.Prepare(order, cancellation)).ToArray();
        HeldReload[] held;
        try
        {
            held = await Task.WhenAll(preparing);
        }
        catch
        {
            // One could not be asked, or it was given up before that: those that have prepared let go.
            await Task.WhenAll(preparing.Where(one => one.IsCompletedSuccessfully).Select(async one => await (await one).Decide(commit: false, time)));
            throw;
        }

        var early = held.ToDictionary(h => h.Node, h => h.Early); // as it is now: decided below, they all have a verdict
        var objector = early.FirstOrDefault(e => e.Value is { Serves: false }).Key;
        var verdicts = await Task.WhenAll(held.Select(h => h.Decide(commit: objector is null, time)));
        return objector is null ? verdicts : [.. verdicts.Select(v => early[v.Node] is null ? LetGo(v, objector) : v)];
    }

    private static NodeVerdict LetGo(NodeVerdict verdict, string objector) => verdict.Serves
        ? verdict
        : NodeVerdict.Refused(verdict.Node, verdict.Report.Version, $"It was ready, but node {objector} refused; all nodes keep the version from before.");
}
