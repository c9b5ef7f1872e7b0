using WatchReload.Control;
using WatchReload.Daemon.Events;
using WatchReload.Daemon.Flow;

namespace WatchReload.Daemon.Resident;

/// <summary>Hands orders to the daemon of a state directory.</summary>
internal sealed class ResidentClient(StateDirectory state) : IDisposable
{
    private readonly PipeClient _client = new(state, ResidentName.Value);

    /// <summary>The daemon's process; null when none listens.</summary>
    public static ProcessIdentity? Find(StateDirectory state) =>
        RendezvousFile.Read(state, ResidentName.Value)?.Process() is { IsAlive: true } daemon ? daemon : null;

    /// <summary>Tells the events as they come; the verdict.</summary>
    /// <exception cref="PipeException">The daemon went away, and whether it finished is not known; or it failed at it by a defect.</exception>
    public async Task<DaemonEvent> Send(Order order, IEventSink events, CancellationToken cancellation)
    {
        await using var lines = order switch
        {
            ReloadOrder reload => await _client.PostLines("/v1/reload", reload, OrderJson.Default.ReloadOrder, EventJson.Default.DaemonEvent, cancellation),
            PullOrder pull => await _client.PostLines("/v1/pull", pull, OrderJson.Default.PullOrder, EventJson.Default.DaemonEvent, cancellation),
            GateOrder gate => await _client.PostLines("/v1/gate", gate, OrderJson.Default.GateOrder, EventJson.Default.DaemonEvent, cancellation),
            RollbackOrder rollback => await _client.PostLines("/v1/rollback", rollback, OrderJson.Default.RollbackOrder, EventJson.Default.DaemonEvent, cancellation),
            BuildOrder build => await _client.PostLines("/v1/build", build, OrderJson.Default.BuildOrder, EventJson.Default.DaemonEvent, cancellation),
            RestartOrder restart => await _client.PostLines("/v1/restart", restart, OrderJson.Default.RestartOrder, EventJson.Default.DaemonEvent, cancellation),
            _ => throw new InvalidOperationException($"{order.GetType().Name} is no order."),
        };
        return await Tell(lines, events, cancellation) ?? throw new PipeException(PipeFailure.Lost, "The daemon ended its answer without a verdict.", "Look: watchreload status, watchreload history");
    }

    /// <summary>Tells the events of the attempt under way, those from before too; its verdict, or null when none is under way.</summary>
    /// <exception cref="PipeException">The daemon went away, and whether it finished is not known; or it failed at it by a defect.</exception>
    public async Task<DaemonEvent?> Attach(IEventSink events, CancellationToken cancellation)
    {
        await using var lines = await _client.GetLines("/v1/attach", EventJson.Default.DaemonEvent, cancellation);
        return await Tell(lines, events, cancellation);
    }

    public Task Stop(CancellationToken cancellation) => _client.Post("/v1/stop", cancellation);

    public void Dispose() => _client.Dispose();

    private Task<DaemonEvent?> Tell(PipeLines<DaemonEvent> lines, IEventSink events, CancellationToken cancellation) => AttemptAnswer.Tell(lines, events, target => _client.GetText(target, cancellation), cancellation);
}
