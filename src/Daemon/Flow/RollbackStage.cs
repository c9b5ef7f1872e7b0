using WatchReload.Daemon.Events;
using WatchReload.Daemon.Releases;

namespace WatchReload.Daemon.Flow;

/// <summary>The way back to an older release, by order.</summary>
internal sealed class RollbackStage(BuildStage builds, TreeDeploy deploy, ReleaseStore releases, History history, IReadOnlyList<NodeSeat> seats, Record record, RolledBack rolledBack)
{
    /// <summary>Delivers an older release. The tree that it leaves does not come back by itself.</summary>
    public Task<DaemonEvent> Run(RollbackOrder order, DateTimeOffset begun, IEventSink events, CancellationToken cancellation) =>
        deploy.BeforeLater(() => GoBack(order, begun, events, cancellation));

    private async Task<DaemonEvent> GoBack(RollbackOrder order, DateTimeOffset begun, IEventSink events, CancellationToken cancellation)
    {
        var current = await CurrentRelease(order, cancellation);
        var target = order.Release is { } named ? releases.Find(named)
            : current is { IsAhead: true } ahead ? releases.Find(ahead.Release) // what deltas have made of it is gone back from
            : current is { } from ? RollbackTarget.Find(from.Release, from.Node, history.Read(), releases)
            : new ReleaseLookup(null, "No node runs, so there is nothing to go back from.", "Name the release: watchreload rollback RELEASE (watchreload releases lists them).");
        if (!target.Found)
            return await record.Ended(order, begun, NotFound(target, current?.Node ?? seats[0].Name, current?.Version ?? 0, order.Release) with { Unknown = current is null && order.Release is null }, events);

        events.Emit(new RollbackStarted(current?.Release, target.Release.Id, order.By));
        var before = rolledBack.Latest;
        if (!order.Rehearse)
            RememberRollback(current?.Release, target.Release, order);
        var verdict = await deploy.Deliver(target.Release, null, order, begun, events, cancellation);
        var finished = new RollbackFinished(target.Release.Id, verdict switch
        {
            ReloadCommitted or NodeStarted => "committed",
            ReloadUnchanged => "unchanged",
            ReloadRehearsed => "rehearsed",
            ReloadRefused { TakenBack: true } => "takenBack",
            ReloadRefused { Unknown: true } => "unknown",
            ReloadSuperseded => "superseded",
            NodeExited { Problems.Count: 0 } => "noNode",
            _ => "refused",
        })
        {
            Version = (verdict as ReloadCommitted)?.Version ?? (verdict as NodeStarted)?.Version ?? (verdict as ReloadUnchanged)?.Version ?? (verdict as ReloadRefused)?.Version ?? 0,
        };
        if (finished.Verdict is "committed" or "unchanged")
            deploy.ForgetLater();
        else if (!order.Rehearse && finished.Verdict != "unknown") // it may have been done
            rolledBack.Restore(before);
        events.Emit(finished);
        return finished;
    }

    /// <param name="asked">By name; null: the one before, and there is none.</param>
    public static ReloadRefused NotFound(ReleaseLookup target, string node, int serves, string? asked) =>
        new(node, serves, asked, [$"{target.Cause} {target.Remedy}"]) { NoSuchRelease = asked is not null };

    private void RememberRollback(string? from, Release to, Order order)
    {
        var tree = builds.TreeHash() is { } hash && hash != to.Manifest.SourceHash ? hash : null;
        var commit = from is not null && releases.Find(from).Release?.Manifest.Commit is { } left && left != to.Manifest.Commit ? left : null;
        if (tree is not null || commit is not null)
            rolledBack.Remember(new RolledBackFrom(tree, commit, order.By, record.Now));
    }

    private async Task<(string Node, string Release, int Version, bool IsAhead)?> CurrentRelease(Order order, CancellationToken cancellation)
    {
        foreach (var seat in seats.Where(s => order.Nodes.Count == 0 || order.Nodes.Contains(s.Name)))
        {
            if (await seat.Link.Status(cancellation) is { Release: { } release } status)
            {
                if (order is RollbackOrder { Release: null })
                    await record.Found(status, id => releases.Find(id).Release); // what is before it is before that
                return (seat.Name, release, status.Version, status.Deltas > 0);
            }
        }

        return null;
    }
}
