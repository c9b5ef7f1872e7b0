using WatchReload.Daemon.Flow;

namespace WatchReload.Daemon.Cli.Verbs;

internal sealed class ReloadVerb : Verb
{
    public ReloadVerb(CommandContext context, StopSignal stop)
        : base("reload", "Builds the tree as it is, once, and reloads the running nodes with it.", context, stop) => DeployOptions.AddTo(this, hook: true);

    protected override Task<int> Run(Invocation call, CancellationToken cancellation) =>
        Commission.Run(call, DeployOptions.With(new ReloadOrder { Cause = "reload" }, call), cancellation);
}
