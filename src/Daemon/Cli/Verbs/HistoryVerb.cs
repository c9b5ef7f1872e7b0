using System.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using WatchReload.Daemon.Cli.Rendering;
using WatchReload.Daemon.Releases;

namespace WatchReload.Daemon.Cli.Verbs;

internal sealed class HistoryVerb : Verb
{
    private readonly Option<int> _count = new("--count", "-n") { Description = "How many of the newest.", DefaultValueFactory = _ => 20, HelpName = "N" };

    public HistoryVerb(CommandContext context, StopSignal stop)
        : base("history", "Every attempt to bring new code: what, who, when, and what became of it.", context, stop)
    {
        Add(_count);
        _count.Validators.Add(value =>
        {
            if (value.Tokens.Count == 1 && !(int.TryParse(value.Tokens[0].Value, out var n) && n > 0))
                value.AddError($"--count {value.Tokens[0].Value} is not a number of entries above 0.");
        });
    }

    protected override async Task<int> Run(Invocation call, CancellationToken cancellation)
    {
        var opened = await Workplace.Reach(call, cancellation);
        if (!opened.Opened)
            return call.Console.Fail(opened.Failure);
        var only = call.Value(CommonOptions.Node);
        var entries = new History(opened.Place.State, call.Time, NullLogger<History>.Instance).Read().Where(e => only is null || e.Node is null || e.Node == only).Take(call.Value(_count)).ToArray();
        foreach (var entry in entries)
            call.Console.Json(entry, VerbJson.Default.HistoryEntry);
        if (!call.Json)
            HistoryTable.Write(call.Console.Screen, entries);
        return ExitCode.Done;
    }
}
