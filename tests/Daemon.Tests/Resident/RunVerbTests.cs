using System.Diagnostics;
using System.Text.Json;
using WatchReload.Control;
using WatchReload.Daemon.Cli;
using WatchReload.Daemon.Tests.Cli;

namespace WatchReload.Daemon.Tests.Resident;

/// <summary><c>run</c> with a stub for its node, as a real process.</summary>
public sealed class RunVerbTests : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly LineWriter _output = new();
    private readonly StringWriter _error = new();
    private readonly StopSignal _stop = new(TimeProvider.System);

    public RunVerbTests()
    {
        _scratch.Configure();
        DurableDirectory(_scratch.State.NodeDirectory("main"));
        DurableFile.Write(_scratch.State.Current("main"), "r000001\n");
    }

    public void Dispose()
    {
        if (RendezvousFile.Read(_scratch.State, "main")?.Process() is { IsAlive: true } left)
        {
            using var process = Process.GetProcessById(left.Pid);
            process.Kill();
            process.WaitForExit();
        }

        _scratch.Dispose();
        _output.Dispose();
        _error.Dispose();
        _stop.Dispose();
    }

    [Theory(Timeout = 60_000)]
    [InlineData("Terminate", 0)]
    [InlineData("Interrupt", 130)]
    public async Task Node_is_started_on_current_and_stopped_in_order_when_told_to_end(string reason, int code)
    {
        var run = Run();
        var started = await _output.Event("node.started");
        Assert.Equal("r000001", started.GetProperty("release").GetString());

        _stop.Raise(Enum.Parse<StopReason>(reason));

        Assert.Equal(code, await run);
        Assert.True((await _output.Event("node.exited")).GetProperty("ordered").GetBoolean());
        Assert.Null(ProcessIdentity.Of(started.GetProperty("pid").GetInt32()));
        Assert.Null(RendezvousFile.Read(_scratch.State, "daemon"));
    }

    [Fact(Timeout = 60_000)]
    public async Task Run_waits_for_a_command_that_works_on_the_checkout_by_itself()
    {
        using var error = new LineWriter();
        var working = FileLock.TryAcquire(_scratch.State.DaemonLock)!; // as a hook's pull does, when it finds no daemon
        var run = CommandLine.Run(["run", "--json"], CommandRun.Context(_scratch.Root, _output, error), _stop);
        await error.Line($"Waiting for another watchreload (pid {Environment.ProcessId})");

        working.Dispose();

        await _output.Event("node.started");
        _stop.Raise(StopReason.Terminate);
        Assert.Equal(0, await run);
    }

    [Fact(Timeout = 60_000)]
    public async Task Run_supervises_though_its_output_is_on_a_full_disk()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "There a device is always full.");
        using var error = new LineWriter();
        var full = new StreamWriter(new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0)) { AutoFlush = true };
        var run = CommandLine.Run(["run"], CommandRun.Context(_scratch.Root, full, error), _stop);
        await error.Line("Node main starts as pid");
        await error.Line("Events cannot be told");

        _stop.Raise(StopReason.Terminate);

        Assert.Equal(0, await run);
        Assert.Null(RendezvousFile.Read(_scratch.State, "main"));
    }

    [Fact(Timeout = 60_000)]
    public async Task Stop_ends_daemon_and_node_and_waits_for_both()
    {
        var run = Run();
        var pid = (await _output.Event("node.started")).GetProperty("pid").GetInt32();

        // The daemon is this very process, which stop would wait for; so it is asked as stop asks.
        using (var daemon = new Daemon.Resident.ResidentClient(_scratch.State))
            await daemon.Stop(TestContext.Current.CancellationToken);

        Assert.Equal(0, await run);
        Assert.Null(ProcessIdentity.Of(pid));
    }

    [Fact(Timeout = 60_000)]
    public async Task Run_ends_when_somebody_stopped_its_node()
    {
        var run = Run();
        await _output.Event("node.started");

        var stop = await CommandRun.In(_scratch.Root, "stop", "--node", "main", "--json");

        Assert.Equal((0, 0), (stop.ExitCode, await run));
        Assert.Equal("node.exited", JsonDocument.Parse(Assert.Single(stop.Lines)).RootElement.GetProperty("event").GetString());
    }

    [Fact(Timeout = 60_000)]
    public async Task Node_that_is_killed_is_started_again()
    {
        var run = Run();
        var first = (await _output.Event("node.started")).GetProperty("pid").GetInt32();
        using (var process = Process.GetProcessById(first))
            process.Kill();

        Assert.False((await _output.Event("node.exited")).GetProperty("ordered").GetBoolean());
        Assert.NotEqual(first, (await _output.Event("node.started")).GetProperty("pid").GetInt32());
        _stop.Raise(StopReason.Terminate);
        Assert.Equal(0, await run);
    }

    [Fact(Timeout = 60_000)]
    public async Task Restart_gives_the_node_a_new_process_and_run_goes_on()
    {
        var run = Run();
        var first = (await _output.Event("node.started")).GetProperty("pid").GetInt32();

        var restart = await CommandRun.In(_scratch.Root, "restart", "--json", "--by", "ann");

        var told = restart.Lines.Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal(["node.exited", "node.started"], told.Select(e => e.GetProperty("event").GetString()));
        Assert.Equal((0, first, 0, true), (restart.ExitCode, told[0].GetProperty("pid").GetInt32(), told[0].GetProperty("exitCode").GetInt32(), told[0].GetProperty("ordered").GetBoolean()));
        Assert.NotEqual(first, told[1].GetProperty("pid").GetInt32());
        // Whoever reads what the daemon tells has it too, once.
        Assert.Equal(first, (await _output.Event("node.exited")).GetProperty("pid").GetInt32());
        Assert.Equal(told[1].GetProperty("pid").GetInt32(), (await _output.Event("node.started")).GetProperty("pid").GetInt32());
        var history = JsonDocument.Parse(Assert.Single((await CommandRun.In(_scratch.Root, "history", "--json")).Lines)).RootElement;
        Assert.Equal(("restart", "started", "ann"), (history.GetProperty("cause").GetString(), history.GetProperty("verdict").GetString(), history.GetProperty("by").GetString()));
        Assert.Equal("r000001", history.GetProperty("release").GetString());
        Assert.False(run.IsCompleted);
        _stop.Raise(StopReason.Terminate);
        Assert.Equal(0, await run);
        Assert.Equal(told[1].GetProperty("pid").GetInt32(), (await _output.Event("node.exited")).GetProperty("pid").GetInt32());
    }

    private static void DurableDirectory(string path) => OwnedPath.EnsureDirectory(Directory.CreateDirectory(path).FullName);

    private Task<int> Run() => CommandLine.Run(["run", "--json"], CommandRun.Context(_scratch.Root, _output, _error), _stop);
}
