using WatchReload.Daemon.Flow;
using WatchReload.Daemon.Resident;
using WatchReload.Daemon.Supervision;

namespace WatchReload.Daemon.Cli.Verbs;

internal sealed class RunVerb : Verb
{
    private readonly Polling _polling = new();

    public RunVerb(CommandContext context, StopSignal stop)
        : base("run", "Production, in the foreground: starts and supervises the node, takes reload, pull and rollback. SIGTERM stops it in order.", context, stop) => Add(_polling.Option);

    protected override async Task<int> Run(Invocation call, CancellationToken cancellation)
    {
        var opened = await Workplace.Open(call, cancellation);
        if (!opened.Opened)
            return call.Console.Fail(opened.Failure);
        var started = await ResidentDaemon.Start("run", call, opened.Place, "Release", cancellation);
        if (!started.Started)
            return call.Console.Fail(started.Failure);
        await using var daemon = started.Daemon;
        call.Console.Say($"Running {Path.GetFileName(opened.Place.Settings.Project)}. SIGTERM or Ctrl-C stops it and the node.");
        var supervisors = daemon.Bench.Supervisors.ToArray();
        try
        {
            var code = await Bring(daemon, supervisors, cancellation);
            if (code != ExitCode.Done)
                return code;
            using var polling = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var polls = _polling.Run(call, daemon, polling.Token);
            await Task.WhenAny(Task.WhenAll(supervisors.Select(s => s.StoppedByOthers.Task)), Task.Delay(Timeout.InfiniteTimeSpan, cancellation));
            await polling.CancelAsync();
            await polls;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Asked to end while it started.
        }

        await Task.WhenAll(supervisors.Select(s => s.Stop()));
        return call.Stop.Reason == StopReason.Interrupt ? ExitCode.Interrupted : ExitCode.Done;
    }

    /// <summary>Every node up: taken up, or started on what it has, or on what is built now.</summary>
    private static async Task<int> Bring(ResidentDaemon daemon, IReadOnlyList<NodeSupervisor> supervisors, CancellationToken cancellation)
    {
        foreach (var supervisor in supervisors)
        {
            if (await supervisor.Adopt(cancellation))
                continue;
            if (StartRelease(daemon, supervisor.Node) is not (true, var release))
                return ExitCode.Of(await daemon.Submit(new ReloadOrder { Cause = "run", By = Environment.UserName }).WaitAsync(cancellation));
            switch (await supervisor.Start(release, cancellation, fallBack: true))
            {
                case NodeStart.Serving serving:
                    daemon.Bench.Events.Emit(serving.Event(supervisor.Node));
                    break;
                case NodeStart.Failed failed:
                    daemon.Bench.Events.Emit(failed.Event(supervisor.Node, null));
                    return ExitCode.Refused;
            }
        }

        return ExitCode.Done;
    }

    /// <summary>What the node starts on: its own choice when it has served before, else the newest release; false when there is none.</summary>
    private static (bool Found, string? Release) StartRelease(ResidentDaemon daemon, string node)
    {
        var (state, releases) = (daemon.Bench.Place.State, daemon.Bench.Releases);
        if (File.Exists(state.Current(node)) || File.Exists(state.Trial(node)))
            return (true, null);
        var bad = releases.Bad();
        var newest = releases.List().FirstOrDefault(r => !bad.Contains(r.Manifest.ContentHash));
        return (newest is not null, newest?.Id);
    }
}
