using WatchReload.Control;
using WatchReload.Daemon.Building;
using WatchReload.Daemon.Releases;

namespace WatchReload.Daemon.Flow;

/// <summary>What is made ready for edits to come, in the background: the builder, the way to the nodes, and what the build of a save will ask for.</summary>
internal sealed class Beforehand(PipelineSettings settings, BuilderHost builder, BuildStage build, TreeDeploy deploy, ReleaseStore releases, IReadOnlyList<NodeSeat> seats, Aftermath aftermath, TimeProvider time)
{
    /// <summary>Null where no edit goes by delta.</summary>
    private readonly EditPractice? _practice = settings.Deltas && DeltaBase.Hindrance(settings, seats) is null ? new EditPractice(build, seats[0], releases, time) : null;

    /// <summary>At a start that has nothing to build.</summary>
    public void WarmUpBuilder() => aftermath.Run(() => builder.WarmUp(settings.BuildRequest, aftermath.Ending));

    /// <summary>When that is done: asks each node for what it has loaded already, so that the first edit does not find the way to it cold. Nothing is loaded. Then edits that nobody makes go that way, so that it is fast.</summary>
    public void WarmUp(Task after) => aftermath.Run(async ending =>
    {
        await after;
        foreach (var node in seats)
            await WarmUp(node, ending);
        if (_practice is not null)
            await _practice.Run(ending);
    });

    /// <summary>A save was noticed that has not settled: what its build will ask for is made meanwhile, and the way to the nodes opened. What is done while edits pause gives way.</summary>
    /// <returns>Done when all that is, or has come to nothing.</returns>
    public Task Anticipate()
    {
        GiveWay();
        var making = aftermath.Run(async ending =>
        {
            await deploy.GiveWay();
            await build.Anticipated.Begin(ending);
        });
        return Task.WhenAll([making, .. seats.Select(node => aftermath.Run(node.Link.MakeReady))]);
    }

    /// <summary>Something is to be done that somebody waits for.</summary>
    public void GiveWay() => _practice?.GiveWay();

    private async Task WarmUp(NodeSeat node, CancellationToken ending)
    {
        try
        {
            // With deltas it is no longer that release.
            if (await node.Link.Status(ending) is { Deltas: 0, Release: { } id } status && releases.Find(id).Release is { } release)
                await node.Delivery.WarmUp(release, status, ending);
        }
        catch (ControlException)
        {
            // Whoever reloads is told.
        }
    }
}
