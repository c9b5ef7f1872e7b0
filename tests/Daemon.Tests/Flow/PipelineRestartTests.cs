using Microsoft.Extensions.Logging.Abstractions;
using WatchReload.Control;
using WatchReload.Daemon.Building;
using WatchReload.Daemon.Delivery;
using WatchReload.Daemon.Events;
using WatchReload.Daemon.Flow;
using WatchReload.Daemon.Releases;
using WatchReload.Daemon.Supervision;
using WatchReload.Daemon.Tests.Supervision;

namespace WatchReload.Daemon.Tests.Flow;

/// <summary>A new process for a node, by order: a stub of a node, as a real process.</summary>
public sealed class PipelineRestartTests : IAsyncDisposable
{
    private readonly StubNodes _stubs = new();
    private readonly NodeLink _link;
    private readonly BuilderHost _builder;
    private readonly NodeSupervisor _supervisor;
    private readonly Pipeline _pipeline;

    public PipelineRestartTests()
    {
        var state = _stubs.Scratch.State;
        _link = new NodeLink(state, "main");
        _builder = new BuilderHost(new BuilderSettings(state), TimeProvider.System, NullLogger<BuilderHost>.Instance);
        _supervisor = _stubs.Supervise(stopDeadline: TimeSpan.FromSeconds(2));
        _pipeline = new Pipeline(
            new PipelineSettings { State = state, Root = _stubs.Scratch.Root, Project = "S.csproj", Configuration = "Debug" },
            _builder,
            new ReleaseStore(state, TimeProvider.System, NullLogger<ReleaseStore>.Instance),
            NewHistory(),
            [new NodeSeat(_link, new NodeDelivery(_link, new Fence(state, "main", TimeProvider.System), TimeProvider.System), _supervisor)],
            _stubs.Events,
            TimeProvider.System,
            NullLoggerFactory.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        await _pipeline.DisposeAsync();
        await _builder.DisposeAsync();
        _link.Dispose();
        await _stubs.DisposeAsync();
    }

    [Fact(Timeout = 60_000)]
    public async Task What_served_is_written_down_before_the_node_is_stopped()
    {
        var (old, next) = (await StagedRelease.Stage(_stubs.Scratch, "old"), await StagedRelease.Stage(_stubs.Scratch, "next"));
        await _stubs.Start(_supervisor, old.Id); // nobody tells of it
        var told = new AtTheStop(NewHistory());

        var verdict = await _pipeline.Restart(new RestartOrder { Cause = "restart", Release = next.Id }, told, TestContext.Current.CancellationToken);

        _stubs.Events.Emit(Assert.IsType<NodeStarted>(verdict)); // it is ended with the test
        Assert.Equal([("start", "started", old.Id)], told.Remembered!.Select(e => (e.Cause, e.Verdict, e.Release)));
        Assert.Equal([("restart", next.Id), ("start", old.Id)], NewHistory().Read().Select(e => (e.Cause, e.Release)));
    }

    [Fact(Timeout = 60_000)]
    public async Task What_serves_is_not_told_of_twice_when_it_is_what_the_node_starts_on_again()
    {
        var release = await StagedRelease.Stage(_stubs.Scratch, "one");
        Directory.CreateDirectory(_stubs.Scratch.State.NodeDirectory("main"));
        DurableFile.Write(_stubs.Scratch.State.Current("main"), release.Id + "\n");
        await _stubs.Start(_supervisor, release.Id);

        var verdict = await _pipeline.Restart(new RestartOrder { Cause = "restart" }, _stubs.Events, TestContext.Current.CancellationToken);

        Assert.Equal(release.Id, Assert.IsType<NodeStarted>(verdict).Release);
        Assert.Equal("restart", Assert.Single(NewHistory().Read()).Cause);
    }

    [Fact(Timeout = 60_000)]
    public async Task Node_that_hangs_is_ended_and_started_again()
    {
        var release = await StagedRelease.Stage(_stubs.Scratch, "one");
        var hanging = (await _stubs.Start(_supervisor, release.Id)).Process.Pid;
        _stubs.Hang(hanging);

        var verdict = await _pipeline.Restart(new RestartOrder { Cause = "restart", Release = release.Id }, _stubs.Events, TestContext.Current.CancellationToken);

        Assert.NotEqual(hanging, Assert.IsType<NodeStarted>(verdict).Pid);
        Assert.Null(ProcessIdentity.Of(hanging));
        Assert.Equal([release.Id, release.Id], _stubs.Starts());
    }

    private History NewHistory() => new(_stubs.Scratch.State, TimeProvider.System, NullLogger<History>.Instance);

    /// <summary>What is in the history when the process that ran has ended, and none has been started.</summary>
    private sealed class AtTheStop(History history) : IEventSink
    {
        public IReadOnlyList<HistoryEntry>? Remembered { get; private set; }

        public void Emit(DaemonEvent happened)
        {
            if (happened is NodeExited)
                Remembered = history.Read();
        }
    }
}
