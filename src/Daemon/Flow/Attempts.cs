using WatchReload.Control;
using WatchReload.Daemon.Events;

namespace WatchReload.Daemon.Flow;

/// <summary>Makes attempts of orders.</summary>
internal static class Attempts
{
    public static Attempt Of(Order order, Pipeline pipeline) => new(Kind(order), order, async (events, cancellation) =>
    {
        try
        {
            return await Carry(order, pipeline, events, cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ControlException)
        {
            // The disk, its rights or a process that went away: the next attempt may well work.
            var refused = new ReloadRefused(order.Nodes.Count == 1 ? order.Nodes[0] : "", 0, null, [e is ControlException c ? $"{c.Message} {c.Remedy}" : e.Message]);
            events.Emit(refused);
            return refused;
        }
    });

    private static Task<DaemonEvent> Carry(Order order, Pipeline pipeline, IEventSink events, CancellationToken cancellation) => order switch
    {
        ReloadOrder reload => pipeline.Reload(reload, events, cancellation),
        PullOrder pull => pipeline.Pull(pull, events, cancellation),
        RollbackOrder rollback => pipeline.Rollback(rollback, events, cancellation),
        RestartOrder restart => pipeline.Restart(restart, events, cancellation),
        _ => throw new InvalidOperationException($"{order.GetType().Name} is no order."),
    };

    private static AttemptKind Kind(Order order) =>
        order.Rehearse ? AttemptKind.Rehearsal : order is RollbackOrder ? AttemptKind.Rollback : order is RestartOrder ? AttemptKind.Restart : AttemptKind.Deploy;
}
