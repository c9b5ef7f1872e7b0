using System.CommandLine;
using WatchReload.Daemon.Flow;

namespace WatchReload.Daemon.Cli.Verbs;

internal sealed class PullVerb : Verb
{
    private readonly Option<string> _ref = new("--ref") { Description = "From a hook: the ref that was pushed.", HelpName = "REF" };
    private readonly Option<string> _commit = new("--commit") { Description = "From a hook: the commit that was pushed.", HelpName = "ID" };

    public PullVerb(CommandContext context, StopSignal stop)
        : base("pull", "git pull --ff-only, then as reload.", context, stop)
    {
        Add(_ref);
        Add(_commit);
        DeployOptions.AddTo(this);
    }

    protected override Task<int> Run(Invocation call, CancellationToken cancellation) => Commission.Run(
        call,
        new PullOrder
        {
            Cause = call.Value(_ref) is null ? "pull" : "hook",
            Ref = call.Value(_ref),
            Commit = call.Value(_commit),
            By = call.Value(DeployOptions.By),
            Rehearse = call.Value(DeployOptions.Rehearse),
            Force = call.Value(DeployOptions.Force),
        },
        cancellation);
}
