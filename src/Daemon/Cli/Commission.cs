using WatchReload.Control;
using WatchReload.Daemon.Events;
using WatchReload.Daemon.Flow;
using WatchReload.Daemon.Resident;

namespace WatchReload.Daemon.Cli;

/// <summary>
/// Carries out one order: by the daemon of the checkout when there is one, whose builder is warm and who has an order a time; else
/// here, with a builder of its own, under the daemon's lock, so that two never work on one checkout.
/// </summary>
internal static class Commission
{
    /// <summary>For another command that works on the checkout by itself.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    /// <summary>How long to wait for the lock before looking again for a daemon, who keeps it for life, and listens only a moment after it has it.</summary>
    public static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(250);

    public static async Task<int> Run(Invocation call, Order order, CancellationToken cancellation) => (await Ask(call, order, cancellation)).ExitCode;

    /// <summary>The exit code, and the verdict when it came to one.</summary>
    public static async Task<(int ExitCode, DaemonEvent? Verdict)> Ask(Invocation call, Order order, CancellationToken cancellation)
    {
        var opened = await Workplace.Reach(call, cancellation, goesOn: false);
        if (!opened.Opened)
            return (call.Console.Fail(opened.Failure), null);
        var place = opened.Place;
        // A daemon would build it by the settings of its start, which are no longer what is written.
        if (place.Incomplete && order is BuildOrder)
            return (call.Console.Fail(ExitCode.Usage, "To build a release every setting must be right.", "Mend what is told above, then do this again."), null);
        order = order with
        {
            By = order.By ?? Environment.UserName,
            Nodes = call.Value(CommonOptions.Node) is null ? [] : [.. place.Nodes.Select(n => n.Name)],
        };
        OwnedPath.EnsureState(place.State);
        var begun = call.Time.GetTimestamp();
        for (var said = false; ; said = true)
        {
            if (ResidentClient.Find(place.State) is not null)
                return await ByDaemon(call, place, order, cancellation);
            // What is there already can be delivered all the same.
            if (place.Incomplete && order is not (RollbackOrder or RestartOrder))
                return (call.Console.Fail(ExitCode.Usage, "No daemon works on this checkout, and to build here every setting must be right.", "Mend what is told above, then do this again."), null);
            using var only = await FileLock.Acquire(place.State.DaemonLock, said ? LookAgain : TimeSpan.Zero, call.Time, cancellation);
            if (only is not null)
                return await Here(call, place, order, cancellation);
            if (call.Time.GetElapsedTime(begun) >= LongestWait)
                return (call.Console.Fail(Held(place)), null);
            if (!said)
                call.Console.Warn($"Waiting for another watchreload (pid {FileLock.Holder(place.State.DaemonLock)?.Pid}) that works on this checkout.");
        }
    }

    /// <summary>Another command works on the checkout by itself, for too long.</summary>
    public static Failure Held(Workplace place) => new(
        ExitCode.Circumstances,
        $"Another watchreload (pid {FileLock.Holder(place.State.DaemonLock)?.Pid}) has worked on this checkout for {LongestWait.TotalMinutes:0} min.",
        "If it hangs, end it, then do this again.");

    private static async Task<(int ExitCode, DaemonEvent? Verdict)> ByDaemon(Invocation call, Workplace place, Order order, CancellationToken cancellation)
    {
        place.TellThatItGoesOn(call);
        using var daemon = new ResidentClient(place.State);
        try
        {
            var verdict = await daemon.Send(order, call.Console.Events, cancellation);
            return (ExitCode.Of(verdict), verdict);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            call.Console.Warn("The daemon goes on with it; see: watchreload history");
            return (ExitCode.Interrupted, null);
        }
    }

    private static async Task<(int ExitCode, DaemonEvent? Verdict)> Here(Invocation call, Workplace place, Order order, CancellationToken cancellation)
    {
        place.TellThatItGoesOn(call);
        if (order is RestartOrder)
            return (call.Console.Fail(ExitCode.NoNode, $"No daemon supervises the node (state directory {place.State.Root}).", "Start one, it takes the node up: watchreload run. Or restart it where it is supervised: systemctl restart UNIT"), null);
        await using var bench = Workbench.Open(call, place, Logging.Create(place.Settings.Log, call.Context, quiet: true), "Release", supervise: false);
        if (order is not BuildOrder && (await Task.WhenAll(bench.Seats.Select(s => s.Link.Status(cancellation)))).All(s => s is null))
            return (call.Console.Fail(NoNode(place)), null);
        var attempt = Attempts.Of(order, bench.Pipeline);
        var verdict = await attempt.Work(bench.Events, cancellation);
        return (ExitCode.Of(verdict), verdict);
    }

    public static Failure NoNode(Workplace place) => new(
        ExitCode.NoNode,
        place.Nodes.Count == 1 ? $"Node {place.Nodes[0].Name} does not run (state directory {place.State.Root})." : $"No node runs (state directory {place.State.Root}).",
        ResidentClient.Find(place.State) is { } daemon
            ? $"A watchreload (pid {daemon.Pid}) works on this checkout; what it printed last says why. Start the node all the same: watchreload restart"
            : "Start it: watchreload watch (while you develop) or watchreload run (in production).");
}
