using System.CommandLine;
using WatchReload.Control;
using WatchReload.Daemon.Events;
using WatchReload.Daemon.Flow;

namespace WatchReload.Daemon.Cli.Verbs;

internal sealed class FreezeVerb : Verb
{
    private readonly Argument<string[]> _reason = new("REASON") { Description = "Why, for whoever is refused.", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string> _by = new("--by") { Description = "Who freezes (default: the user).", HelpName = "NAME" };

    public FreezeVerb(CommandContext context, StopSignal stop)
        : base("freeze", "From now on nothing is deployed by poll, hook, pull, reload or a save, until unfreeze.", context, stop)
    {
        Add(_reason);
        Add(_by);
    }

    protected override async Task<int> Run(Invocation call, CancellationToken cancellation)
    {
        var opened = await Workplace.Reach(call, cancellation);
        if (!opened.Opened)
            return call.Console.Fail(opened.Failure);
        var state = opened.Place.State;
        OwnedPath.EnsureState(state);
        var reason = string.Join(' ', call.Value(_reason) ?? []);
        var freeze = new Freeze(call.Value(_by) ?? Environment.UserName, call.Time.GetUtcNow(), reason.Length == 0 ? null : reason);
        freeze.Begin(state);
        call.Console.Events.Emit(new DeployFrozen(freeze.By, freeze.Since, freeze.Reason) { Time = freeze.Since.UtcDateTime });
        return ExitCode.Done;
    }
}
