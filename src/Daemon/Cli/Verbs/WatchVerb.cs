using System.CommandLine;
using Microsoft.Extensions.Logging;
using WatchReload.Control;
using WatchReload.Daemon.Events;
using WatchReload.Daemon.Flow;
using WatchReload.Daemon.Resident;
using WatchReload.Daemon.Watching;

namespace WatchReload.Daemon.Cli.Verbs;

internal sealed class WatchVerb : Verb
{
    private const int MostPaths = 20;

    private readonly Option<bool> _noDelta = new("--no-delta") { Description = "Load every edit as production does. Without it edits of method bodies are applied to what is loaded, and old versions stay in memory." };

    private readonly Option<bool> _verify = new("--verify") { Description = "Build with MSBuild too what is compiled without it, and compare, byte for byte: slow, to be sure. Where they differ, MSBuild's is taken, with a warning." };

    public WatchVerb(CommandContext context, StopSignal stop)
        : base("watch", "Builds, starts the node or takes up the one that runs, watches, reloads. Ctrl-C ends what it started.", context, stop)
    {
        Add(_noDelta);
        Add(_verify);
    }

    protected override async Task<int> Run(Invocation call, CancellationToken cancellation)
    {
        var opened = await Workplace.Open(call, cancellation);
        if (!opened.Opened)
            return call.Console.Fail(opened.Failure);
        var deltas = !call.Value(_noDelta);
        var started = await ResidentDaemon.Start("watch", call, opened.Place, "Debug", cancellation, deltas: deltas, verify: call.Value(_verify));
        if (!started.Started)
            return call.Console.Fail(started.Failure);
        await using var daemon = started.Daemon;
        call.Console.Say($"Watching {Path.GetRelativePath(call.Context.Directory, opened.Place.Settings.Root)} for {Path.GetFileName(opened.Place.Settings.Project)}. Ctrl-C ends it{(call.Json ? "" : ", with the node and the builder that it started")}.");
        if (deltas)
            call.Console.Say("Edits that can be are applied to what is loaded, so old versions stay in the node's memory; --no-delta loads as production does.");
        try
        {
            await Watch(call, daemon, deltas, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Asked to end.
        }
        finally
        {
            await Task.WhenAll(daemon.Bench.Supervisors.Select(s => s.StopIfStartedHere()));
            if (call.Stop.Reason != StopReason.Ordered)
                TellOfNodesThatGoOn(call, daemon);
        }

        return call.Stop.Reason == StopReason.Interrupt ? ExitCode.Interrupted : ExitCode.Done;
    }

    private static void TellOfNodesThatGoOn(Invocation call, ResidentDaemon daemon)
    {
        foreach (var supervisor in daemon.Bench.Supervisors.Where(s => s.IsAlive))
            call.Console.Say($"Node {supervisor.Node} (pid {supervisor.Pid}) goes on, as it was taken up and not started here. This ends it: watchreload stop");
    }

    private static async Task Watch(Invocation call, ResidentDaemon daemon, bool deltas, CancellationToken cancellation)
    {
        var (bench, pipeline) = (daemon.Bench, daemon.Bench.Pipeline);
        await using var watcher = await Watcher.Start(Settings(bench.Place), () => bench.Place.Checkout?.BusyWith(), call.Time, bench.Logging.CreateLogger<Watcher>(), cancellation);
        var configuration = bench.Place.Settings.File;
        pipeline.Learned = inputs => watcher.Adopt(configuration is null ? inputs : inputs with { Files = [.. inputs.Files, configuration] });
        foreach (var supervisor in bench.Supervisors)
            await supervisor.Adopt(cancellation);
        await using var owed = new OwedChange(ending => Attempt(call, daemon, ending), pipeline.Owes, pipeline.Running, defect => Defect.Report(defect, call.Context), call.Time, cancellation);
        if (await pipeline.TakeUp(cancellation))
            call.Console.Say("The tree is what was loaded last: nothing to build.");
        else
            await owed.Attempt();
        await using var ahead = CompileAhead.Begin(typeof(WatchVerb).Assembly, typeof(PipeClient).Assembly);
        pipeline.Beforehand.WarmUp(ahead.Methods);
        if (deltas)
            watcher.SaveBegins = () => _ = pipeline.Beforehand.Anticipate();
        await foreach (var seen in watcher.Changes(cancellation))
        {
            var change = seen with { Paths = [.. seen.Paths.Where(path => path != configuration)] };
            if (change.Paths.Count < seen.Paths.Count)
            {
                TellOfConfiguration(call, bench.Place);
                if (change.Paths.Count == 0)
                    continue;
            }

            if (((change.Rescan && !pipeline.HasCome(change.Paths)) || pipeline.AreOfGit(change.Paths)) && await pipeline.HasNothingToBuild(cancellation))
                continue;
            bench.Events.Emit(new ChangeDetected([.. change.Paths.Take(MostPaths).Select(p => Path.GetRelativePath(bench.Place.Settings.Root, p).Replace('\\', '/'))], change.Paths.Count, change.Reason));
            await owed.Attempt();
        }
    }

    /// <summary>Settings are those of the start: nothing that was saved by halves may change what is watched or deployed.</summary>
    private static void TellOfConfiguration(Invocation call, Workplace place)
    {
        var errors = Configuration.SettingsLoader.Load(place.Sources).Errors;
        foreach (var error in errors)
            call.Console.Warn(error.ToString());
        call.Console.Warn(errors.Count > 0
            ? "The configuration changed and has errors; the settings from before stay in force."
            : "The configuration changed; it counts from the next start of watchreload watch.");
    }

    private static async Task<DaemonEvent?> Attempt(Invocation call, ResidentDaemon daemon, CancellationToken cancellation)
    {
        try
        {
            return await daemon.Submit(new ReloadOrder { Cause = "watch", By = Environment.UserName }).WaitAsync(cancellation);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Defect.Report(e, call.Context); // the next change may well go through
            return null;
        }
    }

    private static WatcherSettings Settings(Workplace place)
    {
        var watch = place.Settings.Watch;
        return new WatcherSettings
        {
            Root = place.Settings.Root,
            State = place.State.Root,
            Include = watch.Include,
            Exclude = watch.Exclude,
            Quiet = watch.Settle,
            BurstQuiet = watch.Burst,
            Polling = watch.Polling switch
            {
                Configuration.Polling.Always => PollingMode.Always,
                Configuration.Polling.Never => PollingMode.Never,
                _ => PollingMode.Auto,
            },
            PollInterval = watch.PollInterval,
            RescanInterval = watch.Rescan,
        };
    }
}
