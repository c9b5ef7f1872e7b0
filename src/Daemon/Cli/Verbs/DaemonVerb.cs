using WatchReload.Daemon.Flow;
using WatchReload.Daemon.Resident;

namespace WatchReload.Daemon.Cli.Verbs;

internal sealed class DaemonVerb : Verb
{
    private static readonly TimeSpan _look = TimeSpan.FromSeconds(1);
    private readonly Polling _polling = new();

    public DaemonVerb(CommandContext context, StopSignal stop)
        : base("daemon", "The resident builder for reload, pull and hooks, beside nodes that something else supervises. SIGTERM ends it; the nodes go on.", context, stop) => Add(_polling.Option);

    protected override async Task<int> Run(Invocation call, CancellationToken cancellation)
    {
        var opened = await Workplace.Open(call, cancellation);
        if (!opened.Opened)
            return call.Console.Fail(opened.Failure);
        var started = await ResidentDaemon.Start("daemon", call, opened.Place, "Release", cancellation, supervise: false);
        if (!started.Started)
            return call.Console.Fail(started.Failure);
        await using var daemon = started.Daemon;
        call.Console.Say($"Building {Path.GetFileName(opened.Place.Settings.Project)} for whoever asks: reload, pull, hooks. SIGTERM or Ctrl-C ends it; the nodes go on.");
        var bench = daemon.Bench;
        await using var reports = ServiceReports.Begin(call, $"Builds {Path.GetFileName(opened.Place.Settings.Project)} for whoever asks");
        await Task.WhenAll([_polling.Run(call, daemon, cancellation), .. bench.Seats.Select(seat => Follow(call, bench.Pipeline, seat, cancellation))]);
        return call.Stop.Reason == StopReason.Interrupt ? ExitCode.Interrupted : ExitCode.Done;
    }

    /// <summary>Tells how trials end of whichever process the node is at the time.</summary>
    private static async Task Follow(Invocation call, Pipeline pipeline, NodeSeat seat, CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                await pipeline.FollowTrials(seat, cancellation);
                await Task.Delay(_look, call.Time, cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The command ends.
        }
    }
}
