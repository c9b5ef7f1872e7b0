using System.CommandLine;
using WatchReload.Daemon.Events;
using WatchReload.Daemon.Flow;

namespace WatchReload.Daemon.Cli.Verbs;

internal sealed class UnfreezeVerb : Verb
{
    private readonly Option<string> _by = new("--by") { Description = "Who lifts it (default: the user).", HelpName = "NAME" };

    public UnfreezeVerb(CommandContext context, StopSignal stop)
        : base("unfreeze", "Deploys go through again.", context, stop) => Add(_by);

    protected override async Task<int> Run(Invocation call, CancellationToken cancellation)
    {
        var opened = await Workplace.Reach(call, cancellation);
        if (!opened.Opened)
            return call.Console.Fail(opened.Failure);
        var was = Freeze.Read(opened.Place.State);
        Freeze.End(opened.Place.State);
        call.Console.Events.Emit(new DeployUnfrozen(call.Value(_by) ?? Environment.UserName, was is not null) { Time = call.Time.GetUtcNow().UtcDateTime });
        return ExitCode.Done;
    }
}
