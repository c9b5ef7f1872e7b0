using System.CommandLine;
using WatchReload.Daemon.Resident.Hook;

namespace WatchReload.Daemon.Cli.Verbs;

/// <summary>What the hooks of a git user call that is not the service's user: hands the daemon what was, or is being, pushed. Its exit code is the verdict.</summary>
internal sealed class HookPushVerb : Verb
{
    private readonly Option<string> _socket = new("--socket") { HelpName = "PATH", Description = "Where the daemon listens for this user's group.", Required = true };
    private readonly Option<string> _ref = new("--ref") { HelpName = "REF", Description = "The ref that was pushed.", Required = true };
    private readonly Option<string> _commit = new("--commit") { HelpName = "ID", Description = "The commit that was pushed.", Required = true };

    private readonly Option<bool> _rehearse = new("--rehearse") { Description = "It is not accepted yet: a pack of it comes on standard input, and is built and rehearsed." };

    public HookPushVerb(CommandContext context, StopSignal stop)
        : base("push", "For the hooks of another user: hands the daemon what is pushed.", context, stop)
    {
        Hidden = true;
        Add(_socket);
        Add(_ref);
        Add(_commit);
        Add(_rehearse);
    }

    protected override Task<int> Run(Invocation call, CancellationToken cancellation)
    {
        var push = new HookPush(call.Value(_ref), call.Value(_commit));
        return call.Value(_rehearse) ? HookClient.Rehearse(call, call.Value(_socket)!, push, cancellation) : HookClient.Push(call, call.Value(_socket)!, push, cancellation);
    }
}
