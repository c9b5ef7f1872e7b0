using System.CommandLine;
using WatchReload.Daemon.Git;

namespace WatchReload.Daemon.Cli.Verbs;

internal sealed class HookUninstallVerb : Verb
{
    private readonly Argument<string?> _repository = new("REPOSITORY") { Description = "The repository that has the hook (default: this checkout).", Arity = ArgumentArity.ZeroOrOne };

    public HookUninstallVerb(CommandContext context, StopSignal stop)
        : base("uninstall", "Takes the hook out; one that was there before comes back.", context, stop) => Add(_repository);

    protected override async Task<int> Run(Invocation call, CancellationToken cancellation)
    {
        var git = new GitCommand(call.Time);
        var repository = Path.GetFullPath(call.Value(_repository) ?? call.Context.Directory, call.Context.Directory);
        return HookAnswer.Tell(call, await Hooks.Uninstall(repository, git, cancellation));
    }
}
