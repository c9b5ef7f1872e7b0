using System.CommandLine;
using WatchReload.Daemon.Flow;
using WatchReload.Daemon.Resident;
using WatchReload.Daemon.Supervision;

namespace WatchReload.Daemon.Cli.Verbs;

internal sealed class RunVerb : Verb
{
    private readonly Polling _polling = new();
    private readonly Option<bool> _exec = new("--exec") { Description = "Become the node alone: for systemd, runit, containers, with a daemon beside it or none." };
    private readonly Option<string> _release = new("--release") { Description = "Become the node alone, on the release in a directory that build --output has written: needs no SDK, no git, no checkout.", HelpName = "DIR" };

    public RunVerb(CommandContext context, StopSignal stop)
        : base("run", "Production, in the foreground: starts and supervises the node, takes reload, pull and rollback. SIGTERM stops it in order.", context, stop)
    {
        Add(_polling.Option);
        Add(_exec);
        Add(_release);
    }

    protected override async Task<int> Run(Invocation call, CancellationToken cancellation)
    {
        var portable = call.Value(_release) is { } directory ? Path.GetFullPath(directory, call.Context.Directory) : null;
        if (call.Value(_exec) || portable is not null)
            return await NodeAlone.Run(call, portable, cancellation);
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
            await using var reports = ServiceReports.Begin(call, $"Runs {Path.GetFileName(opened.Place.Settings.Project)}");
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
            if (StartRelease.Of(daemon.Bench.Place.State, supervisor.Node, daemon.Bench.Releases) is not (true, var release))
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
}
