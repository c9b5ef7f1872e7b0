using System.CommandLine;
using WatchReload.Daemon.Configuration;

namespace WatchReload.Daemon.Cli.Verbs;

internal sealed class InitVerb : Verb
{
    private readonly Argument<string?> _project = new("PROJECT") { Description = "The service's project file, when there are several.", Arity = ArgumentArity.ZeroOrOne };

    public InitVerb(CommandContext context, StopSignal stop)
        : base("init", "Writes watch.json from what it finds here.", context, stop) => Add(_project);

    protected override Task<int> Run(Invocation call, CancellationToken cancellation)
    {
        var outcome = Initializer.Run(call.Context.Directory, call.Value(_project), call.Value(CommonOptions.Config) ?? SettingsLoader.FileName, call.Value(CommonOptions.Node));
        if (outcome.Written is not { } written)
            return Task.FromResult(call.Console.Fail(new Failure(ExitCode.Usage, [outcome.Problem!.ToString(), .. outcome.Candidates.Select(c => "  " + c)])));
        call.Console.Json(new InitAnswer(written, outcome.Candidates[0]), VerbJson.Default.InitAnswer);
        call.Console.Say($"Wrote {written} for {outcome.Candidates[0]}.");
        call.Console.Say("Next: watchreload watch");
        return Task.FromResult(ExitCode.Done);
    }
}

internal sealed record InitAnswer(string Written, string Project);
