using System.CommandLine;
using WatchReload.Daemon.Flow;

namespace WatchReload.Daemon.Cli.Verbs;

internal sealed class RollbackVerb : Verb
{
    private readonly Argument<string?> _release = new("RELEASE") { Description = "Id, number, or the beginning of an id or a commit (default: what served before).", Arity = ArgumentArity.ZeroOrOne };

    public RollbackVerb(CommandContext context, StopSignal stop)
        : base("rollback", "Reloads an older release under a new version number; state is carried back.", context, stop)
    {
        Add(_release);
        DeployOptions.AddTo(this, hook: false);
    }

    protected override Task<int> Run(Invocation call, CancellationToken cancellation) =>
        Commission.Run(call, DeployOptions.With(new RollbackOrder { Cause = "rollback", Release = call.Value(_release) }, call), cancellation);
}
