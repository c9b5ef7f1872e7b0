using Microsoft.Extensions.Logging;
using WatchReload.Daemon.Building;
using WatchReload.Daemon.Configuration;
using WatchReload.Daemon.Delivery;
using WatchReload.Daemon.Events;
using WatchReload.Daemon.Flow;
using WatchReload.Daemon.Releases;
using WatchReload.Daemon.Supervision;
using BuilderSettings = WatchReload.Daemon.Building.BuilderSettings;

namespace WatchReload.Daemon.Cli;

/// <summary>All that a verb needs to build and deliver, put together. Nothing runs yet: the builder starts with the first build.</summary>
internal sealed class Workbench : IAsyncDisposable
{
    private Workbench(Workplace place, ILoggerFactory logging, EventStream events, BuilderHost builder, IReadOnlyList<NodeSeat> seats, ReleaseStore releases, Pipeline pipeline)
    {
        (Place, Logging, Events, Builder, Seats, Releases, Pipeline) = (place, logging, events, builder, seats, releases, pipeline);
    }

    public Workplace Place { get; }
    public ILoggerFactory Logging { get; }
    public EventStream Events { get; }
    public BuilderHost Builder { get; }
    public IReadOnlyList<NodeSeat> Seats { get; }
    public ReleaseStore Releases { get; }
    public Pipeline Pipeline { get; }
    public IEnumerable<NodeSupervisor> Supervisors => Seats.Select(s => s.Supervisor).OfType<NodeSupervisor>();

    /// <param name="call">Whose output has the events.</param>
    /// <param name="place">Where.</param>
    /// <param name="logging">Disposed with the bench.</param>
    /// <param name="configuration">Debug, Release; unless the settings say.</param>
    /// <param name="supervise">Whether nodes may be started.</param>
    /// <param name="deltas">Edits of bodies are applied to what is loaded.</param>
    /// <param name="verify">What is replayed is built with MSBuild too.</param>
    /// <param name="quiet">A person looks at the output: news of the nodes stay in their logs, unless more than usual was asked for.</param>
    public static Workbench Open(Invocation call, Workplace place, ILoggerFactory logging, string configuration, bool supervise, bool deltas = false, bool verify = false, bool quiet = false)
    {
        var events = new EventStream(call.Time, logging.CreateLogger<EventStream>());
        events.Attach(call.Console.Events);
        var settings = Settings(place, place.Settings.Configuration ?? configuration, deltas) with { Verify = verify };
        var builder = new BuilderHost(
            new BuilderSettings(place.State)
            {
                Assembly = call.Context.BuilderAssembly,
                HangTimeout = place.Settings.Builder.HangLimit,
                MemoryLimit = place.Settings.Builder.MemoryLimit,
                User = BuildUser(place),
                Top = settings.Top ?? settings.Root,
            },
            call.Time,
            logging.CreateLogger<BuilderHost>());
        var releases = new ReleaseStore(place.State, call.Time, logging.CreateLogger<ReleaseStore>());
        var launcher = new NodeLauncher(
            new NodeLaunch(place.State, call.Context.NodeAssembly)
            {
                StdoutToStderr = call.Json,
                FromCopy = call.Context.CopiesNode,
                Probation = settings.Probation,
                Deltas = deltas,
                KeepsLog = quiet,
                Quiet = quiet && place.Settings.Log.Level >= LogLevel.Information,
            },
            call.Time,
            logging.CreateLogger<NodeLauncher>());
        var seats = place.Nodes.Select(node => Seat(node, place, supervise ? launcher : null, events, call.Time, logging)).ToArray();
        var pipeline = new Pipeline(settings, builder, releases, new History(place.State, call.Time, logging.CreateLogger<History>()), seats, events, call.Time, logging);
        foreach (var seat in seats)
        {
            seat.Supervisor?.WhileItLives = cancellation => pipeline.FollowTrials(seat, cancellation);
            seat.Supervisor?.Began = pipeline.Began;
            seat.Supervisor?.Revived = pipeline.Revived;
            seat.Supervisor?.Other = (failed, tried) => releases.Instead(seat.Name, failed, tried);
        }

        return new Workbench(place, logging, events, builder, seats, releases, pipeline);
    }

    public async ValueTask DisposeAsync()
    {
        await Pipeline.DisposeAsync();
        await Builder.DisposeAsync();
        foreach (var seat in Seats)
        {
            if (seat.Supervisor is { } supervisor)
                await supervisor.DisposeAsync();
            seat.Link.Dispose();
        }

        Logging.Dispose();
    }

    private static NodeSeat Seat(NodeSettings node, Workplace place, NodeLauncher? launcher, IEventSink events, TimeProvider time, ILoggerFactory logging)
    {
        var link = new NodeLink(place.State, node.Name);
        var delivery = new NodeDelivery(link, new Fence(place.State, node.Name, time), time);
        return new NodeSeat(link, delivery, launcher is null ? null : new NodeSupervisor(node, launcher, events, time, logging.CreateLogger<NodeSupervisor>()));
    }

    /// <summary>Null: the user of this process builds.</summary>
    internal static BuildUser? BuildUser(Workplace place) => place.Settings.Build is { User: { } user, Directory: { } directory } ? new BuildUser(user, directory) : null;

    /// <summary>What the stages need to know of the settings.</summary>
    internal static PipelineSettings Settings(Workplace place, string configuration, bool deltas) => new()
    {
        State = place.State,
        Root = place.Settings.Root,
        Top = ConfigurationFile.GitTop(place.Settings.Root),
        Project = place.Settings.Project,
        Configuration = configuration,
        Deltas = deltas,
        BuildUser = BuildUser(place),
        Checkout = place.Checkout,
        NoCheckout = place.NoCheckout,
        Policy = place.Policy,
        Examine = new CommitSettings(place.Sources, place.Settings.File).Check,
        Keep = place.Settings.Releases.Keep,
        MinimumFreeSpace = place.Settings.Releases.MinimumFreeSpace,
        MaximumSize = place.Settings.Releases.MaximumSize,
        PerVersion = place.Settings.Packages.PerVersion,
        RefuseStragglers = place.Settings.Reload.Stragglers == Stragglers.Refuse,
        Probation = place.Settings.Reload.Probation,
    };
}
