using System.CommandLine;
using WatchReload.Control;
using WatchReload.Daemon.Resident;
using WatchReload.Daemon.Resident.Hook;

namespace WatchReload.Daemon.Cli.Verbs;

internal sealed class AttachVerb : Verb
{
    private readonly Option<string?> _socket = new("--socket") { HelpName = "PATH", Description = "For those who push: the socket of the hook, instead of the checkout." };

    public AttachVerb(CommandContext context, StopSignal stop)
        : base("attach", "Follows the attempt under way, from its beginning to its verdict; its exit code is the attempt's.", context, stop) => Add(_socket);

    protected override async Task<int> Run(Invocation call, CancellationToken cancellation)
    {
        if (call.Value(_socket) is { } socket)
            return await HookClient.Attach(call, socket, cancellation);
        var opened = await Workplace.Reach(call, cancellation);
        if (!opened.Opened)
            return call.Console.Fail(opened.Failure);
        var state = opened.Place.State;
        if (ResidentClient.Find(state) is null)
        {
            return FileLock.Holder(state.DaemonLock) is { } alone
                ? call.Console.Fail(ExitCode.NoNode, $"A watchreload without a daemon (pid {alone.Pid}) is at work, and cannot be followed.", "Its own output tells of it; when it is done, so does watchreload history.")
                : call.Console.Fail(ExitCode.NoNode, $"No daemon works on this checkout (state directory {state.Root}), so nothing is under way.", "What happened last: watchreload history");
        }

        using var daemon = new ResidentClient(state);
        try
        {
            if (await daemon.Attach(call.Console.Events, cancellation) is { } verdict)
                return ExitCode.Of(verdict);
            call.Console.Say("Nothing is under way. What happened last: watchreload history");
            return ExitCode.Done;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            call.Console.Warn("The daemon goes on with it; see: watchreload history");
            return ExitCode.Interrupted;
        }
    }
}
