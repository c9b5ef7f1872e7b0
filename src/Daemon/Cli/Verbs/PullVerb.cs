using WatchReload.Daemon.Flow;

namespace WatchReload.Daemon.Cli.Verbs;

internal sealed class PullVerb : Verb
{
    public PullVerb(CommandContext context, StopSignal stop)
        : base("pull", "git pull --ff-only, then as reload.", context, stop) => DeployOptions.AddTo(this, hook: true);

    protected override Task<int> Run(Invocation call, CancellationToken cancellation) =>
        Commission.Run(call, DeployOptions.With(new PullOrder { Cause = "pull" }, call), cancellation);
}
