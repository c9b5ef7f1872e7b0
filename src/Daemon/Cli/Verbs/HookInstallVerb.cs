using System.CommandLine;
using WatchReload.Daemon.Configuration;
using WatchReload.Daemon.Git;

namespace WatchReload.Daemon.Cli.Verbs;

internal sealed class HookInstallVerb : Verb
{
    private readonly Argument<string?> _repository = new("REPOSITORY") { Description = "The repository that is pushed to (default: this checkout).", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string> _branch = new("--branch") { Description = "The branch that deploys (default: the one this checkout follows).", HelpName = "NAME" };

    private readonly Option<string?> _socket = new("--socket") { Description = "For a git user that is not the service's user: the daemon's socket for its group (hook.socket). Run it as the git user.", HelpName = "PATH" };
    private readonly Option<bool> _gate = new("--gate") { Description = "Also a pre-receive hook: a push is accepted only when it builds and can be rehearsed on the live state." };

    public HookInstallVerb(CommandContext context, StopSignal stop)
        : base("install", "Installs a post-receive hook that pulls into this checkout and tells the pusher the verdict.", context, stop)
    {
        Add(_repository);
        Add(_branch);
        Add(_socket);
        Add(_gate);
    }

    protected override Task<int> Run(Invocation call, CancellationToken cancellation) =>
        call.Value(_socket) is { } socket ? OfAnotherUser(call, Path.GetFullPath(socket, call.Context.Directory), cancellation) : OfTheOwner(call, cancellation);

    /// <summary>It can read neither the service's configuration nor its checkout, and needs neither.</summary>
    private async Task<int> OfAnotherUser(Invocation call, string socket, CancellationToken cancellation)
    {
        var repository = Path.GetFullPath(call.Value(_repository) ?? call.Context.Directory, call.Context.Directory);
        var request = new HookRequest(repository, null, call.Value(_branch), HookCommand.OfThisProcess()) { Socket = socket, Gate = call.Value(_gate) };
        return HookAnswer.Tell(call, await Hooks.Install(request, new GitCommand(call.Time), cancellation));
    }

    private async Task<int> OfTheOwner(Invocation call, CancellationToken cancellation)
    {
        var opened = await Workplace.Open(call, cancellation);
        if (!opened.Opened)
            return call.Console.Fail(opened.Failure);
        var place = opened.Place;
        if (place.Checkout is null)
            return call.Console.Fail(ExitCode.GitRefused, place.NoCheckout!.Cause, place.NoCheckout.Remedy);
        if (place.Settings.File is not { } config)
            return call.Console.Fail(ExitCode.Usage, "There is no watch.json for the hook to name.", "Write one first: watchreload init");
        var repository = Path.GetFullPath(call.Value(_repository) ?? place.Checkout.Root, call.Context.Directory);
        var request = new HookRequest(repository, config, call.Value(_branch) ?? place.Settings.Git.Branch, HookCommand.OfThisProcess())
        {
            Policy = place.Policy,
            Options = Places(place.Sources),
            Gate = call.Value(_gate) || place.Settings.Git.Gate == GateMode.On,
        };
        var result = await Hooks.Install(request, place.Git, cancellation);
        return HookAnswer.Tell(call, result);
    }

    // The environment of a push is another one: what this one says of places goes into the hook.
    private static IReadOnlyList<string> Places(SettingsSources sources)
    {
        var host = sources.HostConfigPath ?? sources.Environment.GetValueOrDefault(EnvironmentLayer.HostConfigPath);
        var state = sources.Flags.FirstOrDefault(flag => flag.Key == "state")?.Value ?? sources.Environment.GetValueOrDefault(EnvironmentLayer.NameOf("state"));
        return [.. Option("--host-config", host), .. Option("--state", state)];

        string[] Option(string name, string? path) => string.IsNullOrEmpty(path) ? [] : [name, Path.GetFullPath(path, sources.Directory)];
    }
}
