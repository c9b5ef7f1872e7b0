using System.CommandLine;
using WatchReload.Daemon.Flow;

namespace WatchReload.Daemon.Cli.Verbs;

internal sealed class RestartVerb : Verb
{
    private readonly Argument<string?> _release = new("RELEASE") { Description = "What it starts on (default: what it served, on trial or not).", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<bool> _force = new("--force") { Description = "Also a release that failed on trial before." };
    private readonly Option<string> _by = new("--by") { Description = "Who asks, for the history (default: the user).", HelpName = "NAME" };

    public RestartVerb(CommandContext context, StopSignal stop)
        : base("restart", "A new process: the node stops in order, so that its connections drain and close, and is started again.", context, stop)
    {
        Add(_release);
        Add(_force);
        Add(_by);
    }

    protected override Task<int> Run(Invocation call, CancellationToken cancellation) =>
        Commission.Run(call, new RestartOrder { Cause = "restart", Release = call.Value(_release), Force = call.Value(_force), By = call.Value(_by) }, cancellation);
}
