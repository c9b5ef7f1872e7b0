using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using WatchReload.Control;
using WatchReload.Daemon.Cli;
using WatchReload.Daemon.Events;
using WatchReload.Daemon.Resident;
using WatchReload.Daemon.Tests.Cli;

namespace WatchReload.Daemon.Tests.Resident;

public sealed class ResidentTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public ResidentTests() => _scratch.Configure();

    public void Dispose() => _scratch.Dispose();

    [Theory(Timeout = 60_000)]
    [InlineData("watch")]
    [InlineData("run")]
    [InlineData("daemon")]
    public async Task Second_daemon_on_one_checkout_is_refused_with_the_pid_of_the_first(string verb)
    {
        using var stop = new StopSignal(TimeProvider.System);
        await using var first = await Daemon(stop);

        var run = await CommandRun.In(_scratch.Root, verb, "--json");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains($"pid {Environment.ProcessId}", run.Error);
        Assert.Contains("watchreload stop", run.Error);
    }

    [Fact(Timeout = 60_000)]
    public async Task Order_that_comes_while_a_daemon_starts_is_handed_to_it_as_soon_as_it_listens()
    {
        using var starting = FileLock.TryAcquire(_scratch.State.DaemonLock); // it has it for life
        using var output = new LineWriter();
        using var error = new LineWriter();
        using var stop = new StopSignal(TimeProvider.System);
        var order = CommandLine.Run(["rollback", "--json"], CommandRun.Context(_scratch.Root, output, error), stop);
        await error.Line($"Waiting for another watchreload (pid {Environment.ProcessId})");

        var verdict = new RollbackFinished("r000001", "committed");
        await using var pipe = await PipeServer.Start(
            new PipeServerOptions { State = _scratch.State, Name = ResidentName.Value },
            routes => routes.MapPost("/v1/rollback", context => context.WriteLines(new DaemonEvent[] { verdict }.ToAsyncEnumerable(), EventJson.Default.DaemonEvent)),
            TestContext.Current.CancellationToken);

        Assert.Equal(0, await order);
        Assert.Equal("r000001", (await output.Event("rollback.finished")).GetProperty("to").GetString());
    }

    [Theory(Timeout = 60_000)]
    [InlineData(503, 6)]
    [InlineData(500, 1)]
    public async Task Exit_code_tells_a_daemon_that_cannot_now_from_one_that_has_a_defect(int status, int code)
    {
        await using var pipe = await PipeServer.Start(
            new PipeServerOptions { State = _scratch.State, Name = ResidentName.Value },
            routes => routes.MapPost("/v1/rollback", context => context.WriteError(status, "Why.", "What to do.")),
            TestContext.Current.CancellationToken);
        using var daemon = FileLock.TryAcquire(_scratch.State.DaemonLock);

        var run = await CommandRun.In(_scratch.Root, "rollback");

        Assert.Equal(code, run.ExitCode);
        Assert.Contains("Why.", run.Error);
    }

    [Fact(Timeout = 60_000)]
    public async Task Order_that_comes_while_the_daemon_ends_is_worth_another_try()
    {
        using var stop = new StopSignal(TimeProvider.System);
        await using var daemon = await Daemon(stop);
        await daemon.Queue.DisposeAsync();

        var run = await CommandRun.In(_scratch.Root, "reload");

        Assert.Equal(6, run.ExitCode);
        Assert.Contains("The daemon is ending", run.Error);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Rollback_goes_the_same_way_with_and_without_a_daemon(bool resident)
    {
        var old = await StagedRelease.Stage(_scratch, "one");
        var now = await StagedRelease.Stage(_scratch, "two");
        await using var node = await FakeNode.Start(_scratch.State);
        node.Status = node.Status with { Release = now.Id, Version = 5 };
        using var stop = new StopSignal(TimeProvider.System);
        await using var daemon = resident ? await Daemon(stop) : null;

        var run = await CommandRun.In(_scratch.Root, "rollback", "--json", "--by", "ann");

        Assert.Equal(0, run.ExitCode);
        var events = run.Lines.Select(l => JsonDocument.Parse(l).RootElement).ToArray();
        Assert.Equal(["rollback.started", "reload.committed", "rollback.finished"], events.Select(e => e.GetProperty("event").GetString()).Where(e => e != "version.unloaded"));
        Assert.Equal((now.Id, old.Id), (events[0].GetProperty("from").GetString(), events[0].GetProperty("to").GetString()));
        var (request, _) = Assert.Single(node.Requests);
        Assert.Equal((old.Id, true, "rollback", old.ManifestHash), (request.Release, request.Rollback, request.Cause, request.ManifestHash));

        var history = JsonDocument.Parse(Assert.Single((await CommandRun.In(_scratch.Root, "history", "--json", "--count", "1")).Lines)).RootElement;
        Assert.Equal(("rollback", "committed", "ann"), (history.GetProperty("cause").GetString(), history.GetProperty("verdict").GetString(), history.GetProperty("by").GetString()));
    }

    [Fact(Timeout = 60_000)]
    public async Task Refusal_has_exit_code_4_and_every_problem()
    {
        await StagedRelease.Stage(_scratch, "one");
        var now = await StagedRelease.Stage(_scratch, "two");
        await using var node = await FakeNode.Start(_scratch.State);
        node.Status = node.Status with { Release = now.Id };
        node.Answer = FakeNode.Refuse("First.", "Second.");

        var run = await CommandRun.In(_scratch.Root, "rollback");

        Assert.Equal(4, run.ExitCode);
        Assert.Contains("First.", run.Output);
        Assert.Contains("Second.", run.Output);
    }

    [Fact(Timeout = 60_000)]
    public async Task Release_known_to_be_bad_is_delivered_only_by_force()
    {
        var bad = await StagedRelease.Stage(_scratch, "one");
        var now = await StagedRelease.Stage(_scratch, "two");
        DurableFile.Write(_scratch.State.Bad, bad.Manifest.ContentHash + "\n");
        await using var node = await FakeNode.Start(_scratch.State);
        node.Status = node.Status with { Release = now.Id };

        Assert.Equal(4, (await CommandRun.In(_scratch.Root, "rollback", bad.Id)).ExitCode);
        Assert.Empty(node.Requests);
        Assert.Equal(0, (await CommandRun.In(_scratch.Root, "rollback", bad.Id, "--force")).ExitCode);
        Assert.Single(node.Requests);
    }

    [Fact(Timeout = 60_000)]
    public async Task Deploy_goes_on_when_whoever_asked_goes_away()
    {
        var old = await StagedRelease.Stage(_scratch, "one");
        await using var node = await FakeNode.Start(_scratch.State);
        var (arrived, go, answered) = (new TaskCompletionSource(), new TaskCompletionSource(), new TaskCompletionSource());
        node.Before = async _ =>
        {
            arrived.SetResult();
            await go.Task;
        };
        node.Answer = (n, r) =>
        {
            answered.SetResult();
            return FakeNode.Commit(n, r);
        };
        using var stop = new StopSignal(TimeProvider.System);
        await using var daemon = await Daemon(stop);
        var interrupt = new StopSignal(TimeProvider.System);
        var asking = CommandRun.In(_scratch.Root, interrupt, "rollback", old.Id);
        await arrived.Task;

        interrupt.Raise(StopReason.Interrupt);
        var run = await asking;
        go.SetResult();

        Assert.Equal(130, run.ExitCode);
        Assert.Contains("goes on", run.Error);
        await answered.Task;
    }

    [Fact(Timeout = 60_000)]
    public async Task Attach_follows_the_attempt_under_way_to_its_verdict()
    {
        var old = await StagedRelease.Stage(_scratch, "one");
        await using var node = await FakeNode.Start(_scratch.State);
        var (arrived, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        node.Before = async _ =>
        {
            arrived.SetResult();
            await go.Task;
        };
        node.Answer = FakeNode.Refuse("Not this one.");
        using var stop = new StopSignal(TimeProvider.System);
        await using var daemon = await Daemon(stop);
        Assert.Equal((0, ""), await Attached("attach", "--json")); // nothing is under way
        var asking = CommandRun.In(_scratch.Root, "rollback", old.Id);
        await arrived.Task;

        using var output = new LineWriter();
        using var attachStop = new StopSignal(TimeProvider.System);
        var attaching = CommandLine.Run(["attach", "--json"], CommandRun.Context(_scratch.Root, output, TextWriter.Null), attachStop);
        await output.Event("rollback.started"); // from before it came
        go.SetResult();

        Assert.Equal("refused", (await output.Event("rollback.finished")).GetProperty("verdict").GetString());
        Assert.Equal((4, 4), (await attaching, (await asking).ExitCode));
    }

    [Fact(Timeout = 60_000)]
    public async Task Attempt_that_fails_by_a_defect_when_its_first_events_are_told_is_told_from_one_whose_connection_was_lost()
    {
        var old = await StagedRelease.Stage(_scratch, "one");
        await using var node = await FakeNode.Start(_scratch.State);
        var clock = new DefectiveClock();
        var (arrived, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        node.Before = async _ =>
        {
            arrived.SetResult();
            await go.Task;
            clock.Fails = true;
        };
        using var stop = new StopSignal(TimeProvider.System);
        await using var daemon = await RunningDaemon.In(_scratch.Root, stop, clock);
        var asking = CommandRun.In(_scratch.Root, "rollback", old.Id, "--json");
        await arrived.Task;
        using var output = new LineWriter();
        using var error = new LineWriter();
        using var attachStop = new StopSignal(TimeProvider.System);
        var attaching = CommandLine.Run(["attach", "--json"], CommandRun.Context(_scratch.Root, output, error), attachStop);
        await output.Event("rollback.started");
        go.SetResult();

        var asked = await asking;
        Assert.Equal((1, 1), (asked.ExitCode, await attaching));
        Assert.Contains("It failed by a defect: " + DefectiveClock.Message, asked.Error);
        Assert.Equal("rollback.started", JsonDocument.Parse(Assert.Single(asked.Lines)).RootElement.GetProperty("event").GetString());
        clock.Fails = false;
        Assert.Equal((0, ""), await Attached("attach", "--json")); // the daemon goes on
    }

    [Fact(Timeout = 60_000)]
    public async Task Attach_and_restart_say_that_there_is_no_daemon()
    {
        await using var node = await FakeNode.Start(_scratch.State);

        Assert.Equal((6, ""), await Attached("attach", "--json"));
        Assert.Equal((6, ""), await Attached("restart", "--json"));
    }

    [Fact(Timeout = 60_000)]
    public async Task Daemon_without_a_node_of_its_own_does_orders_and_leaves_the_node_alone_when_it_ends()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "service managers that are told by a socket are those of Unix");
        var old = await StagedRelease.Stage(_scratch, "one");
        await using var node = await FakeNode.Start(_scratch.State);
        using var stop = new StopSignal(TimeProvider.System);
        using var output = new LineWriter();
        using var notify = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Dgram, System.Net.Sockets.ProtocolType.Unspecified);
        var path = Path.Combine(_scratch.Root, "notify");
        notify.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(path));
        var context = CommandRun.Context(_scratch.Root, output, TextWriter.Null) with { Environment = new Dictionary<string, string> { ["NOTIFY_SOCKET"] = path } };
        var running = CommandLine.Run(["daemon", "--json"], context, stop);
        Assert.Equal("READY=1", await Told(notify));

        Assert.Equal(0, (await CommandRun.In(_scratch.Root, "rollback", old.Id)).ExitCode);
        Assert.Equal("committed", (await output.Event("rollback.finished")).GetProperty("verdict").GetString());
        var restart = await CommandRun.In(_scratch.Root, "restart");
        Assert.Equal(4, restart.ExitCode);
        Assert.Contains("systemctl restart", restart.Output);
        stop.Raise(StopReason.Terminate);

        Assert.Equal(0, await running);
        Assert.False(node.Stopped.IsCompleted);
        Assert.Equal("STOPPING=1", await Told(notify));
    }

    private static async Task<string> Told(System.Net.Sockets.Socket notify)
    {
        var buffer = new byte[4096];
        return System.Text.Encoding.UTF8.GetString(buffer, 0, await notify.ReceiveAsync(buffer, TestContext.Current.CancellationToken)).Split('\n')[0];
    }

    private async Task<(int, string)> Attached(params string[] args)
    {
        var run = await CommandRun.In(_scratch.Root, args);
        return (run.ExitCode, run.Output);
    }

    [Fact(Timeout = 60_000)]
    public async Task Daemon_tells_what_it_is()
    {
        using var stop = new StopSignal(TimeProvider.System);
        await using var daemon = await Daemon(stop);
        using var client = new PipeClient(_scratch.State, "daemon");

        var status = JsonDocument.Parse(await client.GetText("/v1/status", TestContext.Current.CancellationToken)).RootElement;

        Assert.Equal((Environment.ProcessId, "run"), (status.GetProperty("pid").GetInt32(), status.GetProperty("mode").GetString()));
        Assert.False(status.GetProperty("busy").GetBoolean());
    }

    private Task<ResidentDaemon> Daemon(StopSignal stop) => RunningDaemon.In(_scratch.Root, stop);
}
