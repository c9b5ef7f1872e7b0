using WatchReload.Daemon.Cli.Rendering;
using WatchReload.Daemon.Delivery;

namespace WatchReload.Daemon.Cli.Verbs;

internal sealed class StatusVerb(CommandContext context, StopSignal stop)
    : Verb("status", "What runs: version, actors, connections, old versions.", context, stop)
{
    protected override async Task<int> Run(Invocation call, CancellationToken cancellation)
    {
        var opened = await Workplace.Open(call, cancellation);
        if (!opened.Opened)
            return call.Console.Fail(opened.Failure);
        var some = false;
        foreach (var node in opened.Place.Nodes)
        {
            using var link = new NodeLink(opened.Place.State, node.Name);
            if (await link.Status(cancellation) is not { } status)
            {
                if (opened.Place.Nodes.Count > 1)
                    call.Console.Say($"{node.Name}  does not run");
                continue;
            }

            some = true;
            call.Console.Json(status, VerbJson.Default.NodeStatus);
            if (!call.Json)
                StatusTable.Write(call.Console.Screen, status);
        }

        return some ? ExitCode.Done : call.Console.Fail(Commission.NoNode(opened.Place));
    }
}
