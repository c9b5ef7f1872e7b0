using WatchReload.Daemon.Events;
using WatchReload.Daemon.Releases;
using WatchReload.Daemon.Supervision;

namespace WatchReload.Daemon.Flow;

/// <summary>A new process for a node: it stops in order, then starts on a release. Its connections drain and close.</summary>
internal sealed class RestartStage(ReleaseStore releases)
{
    /// <summary>The verdict. When the node cannot start on the release it is started on what it ran before, which is told on the way.</summary>
    /// <param name="seat">Which node.</param>
    /// <param name="release">Null: what the node itself chooses.</param>
    /// <param name="order">What was wanted.</param>
    /// <param name="events">Has what happens on the way.</param>
    /// <param name="cancellation">Gives up the start.</param>
    public async Task<DaemonEvent> Run(NodeSeat seat, Release? release, Order order, IEventSink events, CancellationToken cancellation)
    {
        if (seat.Supervisor is not { } supervisor)
            return Refused(seat, 0, release, [$"Node {seat.Name} is not started by this daemon. Restart it where it is supervised: systemctl restart UNIT, sv restart NAME, svc -t NAME"]);
        if (release is not null && !order.Force && releases.Bad().Contains(release.Manifest.ContentHash))
            return Refused(seat, 0, release, [$"Release {release.Id} has the content of one that failed on trial. Choose another; or try it all the same: --force"]);
        var restarted = await supervisor.Restart(release?.Id, events, cancellation);
        if (restarted.Start is NodeStart.Serving serving)
            return serving.Event(seat.Name);
        var failed = (NodeStart.Failed)restarted.Start;
        if (restarted.Instead is { } instead)
            events.Emit(instead.Event(seat.Name));
        return Refused(seat, restarted.Instead?.Status.Version ?? 0, release, failed.Problems) with { Transient = failed.Transient };
    }

    private static ReloadRefused Refused(NodeSeat seat, int serves, Release? release, IReadOnlyList<string> problems) => new(seat.Name, serves, release?.Id, problems);
}
