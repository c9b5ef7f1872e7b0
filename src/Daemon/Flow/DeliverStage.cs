using Microsoft.Extensions.Logging;
using WatchReload.Control;
using WatchReload.Daemon.Delivery;
using WatchReload.Daemon.Events;
using WatchReload.Daemon.Releases;
using WatchReload.Daemon.Supervision;

namespace WatchReload.Daemon.Flow;

/// <summary>From a release to the nodes: those that run take it by a reload, those that do not are started on it.</summary>
internal sealed class DeliverStage(PipelineSettings settings, ReleaseStore releases, IReadOnlyList<NodeSeat> seats, TimeProvider time, ILogger<DeliverStage> log)
{
    /// <summary>Has each node as it is before another release comes to it.</summary>
    public Func<NodeStatus, Task> Replaces { get; init; } = static _ => Task.CompletedTask;

    /// <summary>A verdict a node, those that serve it first: the last one says how it went as a whole.</summary>
    public async Task<IReadOnlyList<DaemonEvent>> Run(Release release, Order order, DeliveryTimes times, CancellationToken cancellation)
    {
        var wanted = seats.Where(s => order.Nodes.Count == 0 || order.Nodes.Contains(s.Name)).ToArray();
        DeliveryLog.Delivering(log, release.Id, string.Join(", ", wanted.Select(s => s.Name)), order.Cause);
        var statuses = await Task.WhenAll(wanted.Select(s => s.Link.Status(cancellation)));
        if (!order.Rehearse)
            await Task.WhenAll(statuses.OfType<NodeStatus>().Select(Replaces));
        if (!order.Force && IsBad(release) && !statuses.All(s => Runs(s, release)))
            return [.. (await Task.WhenAll(wanted.Select((seat, i) => Bad(seat, statuses[i], release, order, cancellation)))).SelectMany(told => told).OrderBy(told => told is ReloadRefused)];

        var running = wanted.Where((_, i) => statuses[i] is { Version: >= 1 }).ToArray();

        var delivered = running.Length == 0 ? [] : await Deliverer.Deliver([.. running.Select(s => s.Delivery)], Address(release, order), time, cancellation);
        var verdicts = delivered.Select(v => Verdicts.Event(v, release, order.Cause, times)).ToList();
        var served = delivered.All(v => v.Serves);
        var passes = !verdicts.Exists(v => v is ReloadRefused { Transient: false });
        verdicts.AddRange(await Task.WhenAll(wanted.Except(running).Select(s => served ? Start(s, release, order, running.Length > 0, cancellation) : Task.FromResult<DaemonEvent>(NotStarted(s.Name, passes)))));
        return [.. verdicts.OrderBy(v => v is ReloadRefused or ReloadSuperseded or NodeExited).ThenBy(v => v is ReloadRefused { Unknown: true })];
    }

    /// <summary>Deltas to the node that they were made against.</summary>
    public async Task<DaemonEvent> Run(DeltaBase to, TreeDelta delta, Order order, DeliveryTimes times, CancellationToken cancellation)
    {
        if (IsBad(delta, out var failed))
            return new ReloadRefused(to.Seat.Name, to.Status.Version, (failed ?? to.Release).Id, [$"What was saved has the content of {failed?.Id ?? "deltas"}, which failed on trial. Change the code; or try it all the same: {Forced(order)}"]);
        var verdict = await to.Seat.Delivery.Deliver(new DeltaOrder(delta, to.Release, to.Status, order.Cause, settings.Probation), cancellation);
        return Verdicts.Event(verdict, to.Release, order.Cause, times);
    }

    /// <summary>Whether the tree is known not to work, as deltas or as a release: before it is live, not when its release follows.</summary>
    /// <param name="delta">What leads to it.</param>
    /// <param name="failed">The release of it; null when it failed as deltas, or none did.</param>
    public bool IsBad(TreeDelta delta, out Release? failed)
    {
        failed = null;
        var bad = releases.Bad();
        if (bad.Count == 0 || bad.Contains(delta.SourceHash))
            return bad.Count > 0;
        failed = releases.Failed().FirstOrDefault(r => r.Manifest.SourceHash == delta.SourceHash && r.Manifest.Configuration == settings.Configuration);
        return failed is not null;
    }

    /// <summary>Loaded, or brought by deltas: then it only gives its name.</summary>
    private static bool Runs(NodeStatus? status, Release release) => status is not null
        && (status.ContentHash == release.Manifest.ContentHash || (status.Deltas > 0 && status.SourceHash == release.Manifest.SourceHash));

    /// <summary>How to have it all the same: who saved has given no command that could be given again with it.</summary>
    private static string Forced(Order order) => order.Cause is "watch" or "run" ? "watchreload reload --force" : "--force";

    /// <summary>What runs already, by <c>--force</c>, is not refused again: it is unchanged.</summary>
    private bool IsBad(Release release) => releases.Bad() is var bad && (bad.Contains(release.Manifest.ContentHash) || bad.Contains(release.Manifest.SourceHash)); // a tree that failed as deltas

    private DeliveryOrder Address(Release release, Order order) => new(release, order.Cause)
    {
        Rollback = order is RollbackOrder,
        Force = order.Force,
        Rehearse = order.Rehearse,
        RefuseStragglers = settings.RefuseStragglers,
        Probation = settings.Probation,
    };

    /// <param name="seat">Which node.</param>
    /// <param name="release">What it starts on.</param>
    /// <param name="order">What was wanted.</param>
    /// <param name="others">Have the release already: what came of that is told, though this is given up.</param>
    /// <param name="cancellation">Gives up.</param>
    private static async Task<DaemonEvent> Start(NodeSeat seat, Release release, Order order, bool others, CancellationToken cancellation)
    {
        try
        {
            return await Start(seat, release, order, cancellation);
        }
        catch (OperationCanceledException) when (others && cancellation.IsCancellationRequested)
        {
            return new ReloadRefused(seat.Name, 0, release.Id, [$"Node {seat.Name} does not run and was not started, because whoever was to start it has ended."]) { Transient = true };
        }
    }

    private static async Task<DaemonEvent> Start(NodeSeat seat, Release release, Order order, CancellationToken cancellation)
    {
        if (order.Rehearse || seat.Supervisor is null)
            return new NodeExited(seat.Name, 0, null, null);
        switch (await seat.Supervisor.Start(release.Id, cancellation))
        {
            case NodeStart.Serving serving:
                return serving.Event(seat.Name);
            case NodeStart.Failed failed:
                return new ReloadRefused(seat.Name, 0, release.Id, failed.Problems) { Transient = failed.Transient };
            default:
                return new ReloadRefused(seat.Name, 0, release.Id, [$"Node {seat.Name} is just starting or stopping. Do it again in a moment."]) { Transient = true };
        }
    }

    /// <summary>Refused; <c>watch</c> has a node all the same, on what it would start on by itself.</summary>
    private async Task<IReadOnlyList<DaemonEvent>> Bad(NodeSeat seat, NodeStatus? status, Release release, Order order, CancellationToken cancellation)
    {
        var refused = new ReloadRefused(seat.Name, status?.Version ?? 0, release.Id, [$"Release {release.Id} has the content of one that failed on trial. Change the code; or try it all the same: {Forced(order)}"]);
        if (status is not null || order.Cause != "watch" || seat.Supervisor is not { } supervisor || StartRelease.Of(settings.State, seat.Name, releases) is not (true, var instead))
            return [refused];
        return await supervisor.Start(instead, cancellation, fallBack: true) switch
        {
            NodeStart.Serving serving => [serving.Event(seat.Name), refused with { Version = serving.Status.Version, Problems = [.. refused.Problems, $"Node {seat.Name} was started on {serving.Status.Release} instead."] }],
            NodeStart.Failed failed => [failed.Event(seat.Name, null), refused],
            _ => [refused],
        };
    }

    private static ReloadRefused NotStarted(string node, bool passes) =>
        new(node, 0, null, [$"Node {node} does not run and was not started, because another node refused."]) { Transient = passes };
}
