using System.CommandLine;

namespace WatchReload.Daemon.Cli.Verbs;

internal sealed class HookVerb : Command
{
    public HookVerb(CommandContext context, StopSignal stop)
        : base("hook", "Makes git push the deployment.")
    {
        Add(new HookInstallVerb(context, stop));
        Add(new HookUninstallVerb(context, stop));
        Add(new HookGateVerb(context, stop));
        Add(new HookPushVerb(context, stop));
    }
}
