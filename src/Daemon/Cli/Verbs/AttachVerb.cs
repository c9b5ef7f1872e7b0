using WatchReload.Control;
using WatchReload.Daemon.Resident;

namespace WatchReload.Daemon.Cli.Verbs;

internal sealed class AttachVerb(CommandContext context, StopSignal stop)
    : Verb("attach", "Follows the attempt under way, from its beginning to its verdict; its exit code is the attempt's.", context, stop)
{
    protected override async Task<int> Run(Invocation call, CancellationToken cancellation)
    {
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
