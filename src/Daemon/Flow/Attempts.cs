using WatchReload.Control;
using WatchReload.Daemon.Events;
using WatchReload.Daemon.Git;

namespace WatchReload.Daemon.Flow;

/// <summary>Makes attempts of orders.</summary>
internal static class Attempts
{
    public static Attempt Of(Order order, Pipeline pipeline) => new(Kind(order), order, async (events, cancellation) =>
    {
        var begun = pipeline.Now;
        pipeline.Beforehand.GiveWay();
        try
        {
            return await Carry(order, pipeline, events, cancellation);
        }
        catch (GitException e)
        {
            return await pipeline.Ended(order, begun, new GitRefused(e.Why.Cause, e.Why.Remedy), events);
        }
        catch (PipeException e) when (e.Failure is PipeFailure.NobodyListens or PipeFailure.Lost or PipeFailure.TimedOut)
        {
            return await pipeline.Ended(order, begun, Refused(order, $"{e.Message} {e.Remedy}") with { Unknown = true }, events);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ControlException)
        {
            // The disk or its rights: the next attempt may well work.
            return await pipeline.Ended(order, begun, Refused(order, e is ControlException c ? $"{c.Message} {c.Remedy}" : e.Message), events);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            await pipeline.Failed(order, begun, Refused(order, $"It failed by a defect: {e.GetType().Name}: {e.Message}"));
            throw; // whoever asked is told that there is no verdict
        }
    })
    {
        IsVain = order is RollbackOrder { Release: { } named } && !pipeline.Keeps(named),
        WhenSuperseded = superseded => pipeline.Superseded(order, superseded),
    };

    private static ReloadRefused Refused(Order order, string problem) => new(order.Nodes.Count == 1 ? order.Nodes[0] : "", 0, null, [problem]) { Transient = true };

    private static Task<DaemonEvent> Carry(Order order, Pipeline pipeline, IEventSink events, CancellationToken cancellation) => order switch
    {
        ReloadOrder reload => pipeline.Reload(reload, events, cancellation),
        PullOrder pull => pipeline.Pull(pull, events, cancellation),
        GateOrder gate => pipeline.Gate(gate, events, cancellation),
        RollbackOrder rollback => pipeline.Rollback(rollback, events, cancellation),
        BuildOrder build => pipeline.Build(build, events, cancellation),
        RestartOrder restart => pipeline.Restart(restart, events, cancellation),
        _ => throw new InvalidOperationException($"{order.GetType().Name} is no order."),
    };

    private static AttemptKind Kind(Order order) =>
        order.Rehearse || order is BuildOrder ? AttemptKind.Rehearsal : order is RollbackOrder ? AttemptKind.Rollback : order is RestartOrder ? AttemptKind.Restart : AttemptKind.Deploy;
}
