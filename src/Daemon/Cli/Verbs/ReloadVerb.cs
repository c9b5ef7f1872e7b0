using WatchReload.Daemon.Flow;

namespace WatchReload.Daemon.Cli.Verbs;

internal sealed class ReloadVerb : Verb
{
    public ReloadVerb(CommandContext context, StopSignal stop)
        : base("reload", "Builds the tree as it is, once, and reloads the running nodes with it.", context, stop) => DeployOptions.AddTo(this);

    protected override Task<int> Run(Invocation call, CancellationToken cancellation) => Commission.Run(
        call,
        new ReloadOrder { Cause = "reload", By = call.Value(DeployOptions.By), Rehearse = call.Value(DeployOptions.Rehearse), Force = call.Value(DeployOptions.Force) },
        cancellation);
}
