using Microsoft.Extensions.Logging;
using WatchReload.Control;
using WatchReload.Daemon.Events;
using WatchReload.Daemon.Resident;
using WatchReload.Daemon.Supervision;

namespace WatchReload.Daemon.Cli.Verbs;

internal sealed class StopVerb(CommandContext context, StopSignal stop)
    : Verb("stop", "Stops the daemon and the nodes of this checkout in order, and waits for their end.", context, stop)
{
    private static readonly TimeSpan _deadline = TimeSpan.FromSeconds(90);

    protected override async Task<int> Run(Invocation call, CancellationToken cancellation)
    {
        var opened = await Workplace.Reach(call, cancellation);
        if (!opened.Opened)
            return call.Console.Fail(opened.Failure);
        var place = opened.Place;
        var nodes = place.Nodes.Select(n => (n.Name, Process: Living(place.State, n.Name))).Where(n => n.Process is not null).ToArray();
        var daemon = call.Value(CommonOptions.Node) is null ? ResidentClient.Find(place.State) : null;
        if (daemon is null && nodes.Length == 0)
            return call.Console.Fail(Commission.NoNode(place));

        if (daemon is not null && !await StopDaemon(call, place, daemon, cancellation))
            return call.Console.Fail(ExitCode.Refused, $"The daemon (pid {daemon.Pid}) did not end within {_deadline.TotalSeconds:0} s.", $"If it hangs, end it: kill {daemon.Pid}. The nodes live on.");
        using var logging = Logging.Create(place.Settings.Log, call.Context, quiet: true);
        var nodeStop = new NodeStop(new NodeLaunch(place.State, ""), call.Time, logging.CreateLogger<StopVerb>());
        foreach (var (name, identity) in nodes)
        {
            using var process = NodeProcess.Adopted(identity!, call.Time);
            if (process.IsAlive)
                await nodeStop.Stop(name, process); // one that the daemon had only taken up
            call.Console.Events.Emit(new NodeExited(name, process.Pid, null, null) { Ordered = true, Time = call.Time.GetUtcNow().UtcDateTime });
        }

        return ExitCode.Done;
    }

    private static ProcessIdentity? Living(StateDirectory state, string name) =>
        RendezvousFile.Read(state, name)?.Process() is { IsAlive: true } process ? process : null;

    private static async Task<bool> StopDaemon(Invocation call, Workplace place, ProcessIdentity daemon, CancellationToken cancellation)
    {
        using var client = new ResidentClient(place.State);
        await client.Stop(cancellation);
        using var process = NodeProcess.Adopted(daemon, call.Time);
        using var deadline = new CancellationTokenSource(_deadline, call.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        try
        {
            await process.Exited(either.Token);
            call.Console.Say($"The daemon (pid {daemon.Pid}) has ended.");
            return true;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }
}
