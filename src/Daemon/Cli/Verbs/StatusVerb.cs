using WatchReload.Daemon.Cli.Rendering;
using WatchReload.Daemon.Delivery;
using WatchReload.Daemon.Flow;

namespace WatchReload.Daemon.Cli.Verbs;

internal sealed class StatusVerb(CommandContext context, StopSignal stop)
    : Verb("status", "What runs: version, actors, connections, old versions.", context, stop)
{
    protected override async Task<int> Run(Invocation call, CancellationToken cancellation)
    {
        var opened = await Workplace.Reach(call, cancellation);
        if (!opened.Opened)
            return call.Console.Fail(opened.Failure);
        var some = false;
        var down = new List<string>();
        var freeze = Freeze.Read(opened.Place.State);
        foreach (var node in opened.Place.Nodes)
        {
            using var link = new NodeLink(opened.Place.State, node.Name);
            if (await link.Status(cancellation) is not { } status)
            {
                if (opened.Place.Nodes.Count > 1)
                    down.Add(node.Name);
                continue;
            }

            some = true;
            call.Console.Json(StatusAnswer.Of(status, freeze), VerbJson.Default.JsonObject);
            if (!call.Json)
                StatusTable.Write(call.Console.Screen, status);
        }

        // When none runs the failure says so.
        foreach (var name in some ? down : [])
        {
            call.Console.Json(StatusAnswer.OfOneThatDoesNotRun(name, freeze), VerbJson.Default.JsonObject);
            call.Console.Say($"{name}  does not run");
        }

        if (freeze is not null)
            call.Console.Say(freeze.Sentence);
        return some ? ExitCode.Done : call.Console.Fail(Commission.NoNode(opened.Place));
    }
}
