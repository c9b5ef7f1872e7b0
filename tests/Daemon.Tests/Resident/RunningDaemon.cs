using WatchReload.Daemon.Cli;
using WatchReload.Daemon.Resident;
using WatchReload.Daemon.Tests.Cli;

namespace WatchReload.Daemon.Tests.Resident;

/// <summary>The daemon that <c>run</c> is, in this process, and no node of its own yet.</summary>
internal static class RunningDaemon
{
    public static async Task<ResidentDaemon> In(string directory, StopSignal stop, TimeProvider? time = null)
    {
        var context = CommandRun.Context(directory, TextWriter.Null, TextWriter.Null) with { Time = time ?? TimeProvider.System };
        var call = new Invocation(CommandLine.Root(context, stop).Parse(["run"]), context, stop);
        var place = (await Workplace.Open(call, TestContext.Current.CancellationToken)).Place!;
        var started = await ResidentDaemon.Start("run", call, place, "Release", TestContext.Current.CancellationToken);
        return started.Daemon ?? throw new InvalidOperationException(string.Join(' ', started.Failure!.Lines));
    }
}
