using System.Globalization;
using WatchReload.Control;
using WatchReload.Daemon.Delivery;
using WatchReload.Daemon.Resident;

namespace WatchReload.Daemon.Cli.Doctor;

/// <summary>Whether the processes that run can be talked to.</summary>
internal static class PipeCheck
{
    private const string Check = "pipe";

    public static async Task<IReadOnlyList<Finding>> Run(Workplace place, CancellationToken cancellation)
    {
        var found = new List<Finding>();
        foreach (var node in place.Nodes)
            found.Add(await Node(place.State, node.Name, cancellation));
        var daemon = ResidentClient.Find(place.State);
        var holder = FileLock.Holder(place.State.DaemonLock);
        found.Add(daemon is not null ? Finding.Ok(Check, $"A daemon runs, pid {daemon.Pid}.")
            : holder is not null ? Finding.Warning(Check, $"A watchreload works on this checkout, pid {holder.Pid}, and has no pipe.", "Wait until it is done; if it hangs, end it.")
            : Finding.Ok(Check, "No daemon runs; reload, pull and rollback do their work by themselves."));
        return found;
    }

    private static async Task<Finding> Node(StateDirectory state, string name, CancellationToken cancellation)
    {
        try
        {
            using var link = new NodeLink(state, name);
            if (await link.Status(cancellation) is { } status)
                return Finding.Ok(Check, string.Create(CultureInfo.InvariantCulture, $"Node {name} answers: version {status.Version}, pid {status.Pid}."));
        }
        catch (ControlException e)
        {
            return Finding.Error(Check, e.Message, e.Remedy);
        }

        var holder = FileLock.Holder(state.NodeLock(name));
        return holder is null
            ? Finding.Ok(Check, $"Node {name} does not run.")
            : Finding.Error(Check, $"Node {name} runs, as pid {holder.Pid}, but does not answer.", $"If it is not just starting or stopping, end it: kill {holder.Pid}");
    }
}
