using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using WatchReload.Daemon.Configuration;
using WatchReload.Daemon.Events;
using WatchReload.Daemon.Supervision;

namespace WatchReload.Daemon.Tests.Supervision;

/// <summary>Supervisors of the stub node, a real process; whatever of it still lives at the end is ended.</summary>
internal sealed class StubNodes : IAsyncDisposable
{
    private readonly List<NodeSupervisor> _supervisors = [];
    private readonly HashSet<int> _pids = [];

    public Scratch Scratch { get; } = new();
    public EventLog Events { get; } = new();

    public NodeSupervisor Supervise(string mode = "serve", TimeProvider? time = null, TimeSpan? startDeadline = null, TimeSpan? stopDeadline = null, string refuses = "")
    {
        var clock = time ?? TimeProvider.System;
        var launch = new NodeLaunch(Scratch.State, Path.Combine(AppContext.BaseDirectory, "WatchReload.Fixtures.StubNode.dll"))
        {
            StartDeadline = startDeadline ?? TimeSpan.FromMinutes(1),
            StopDeadline = stopDeadline ?? TimeSpan.FromMinutes(1),
        };
        var node = new NodeSettings("main", new Dictionary<string, string> { ["STUB_MODE"] = mode, ["STUB_REFUSES"] = refuses, ["STUB_OWNER"] = $"{Environment.ProcessId}" }, []);
        var supervisor = new NodeSupervisor(node, new NodeLauncher(launch, clock, NullLogger<NodeLauncher>.Instance), Events, clock, NullLogger<NodeSupervisor>.Instance);
        _supervisors.Add(supervisor);
        return supervisor;
    }

    public async Task<NodeStart.Serving> Start(NodeSupervisor supervisor, string? release = "r000002")
    {
        var serving = Assert.IsType<NodeStart.Serving>(await supervisor.Start(release, TestContext.Current.CancellationToken));
        _pids.Add(serving.Process.Pid);
        return serving;
    }

    /// <summary>It is ended at the end of the test, if it still lives.</summary>
    public void Remember(NodeStart.Serving serving) => _pids.Add(serving.Process.Pid);

    /// <summary>It lives, and answers nothing from now on.</summary>
    public void Hang(int pid) => File.WriteAllText(Path.Combine(Scratch.State.NodeDirectory("main"), "hangs"), pid.ToString(CultureInfo.InvariantCulture));

    /// <summary>kill -9.</summary>
    public static void Kill(int pid)
    {
        using var process = Process.GetProcessById(pid);
        process.Kill();
        process.WaitForExit();
    }

    /// <summary>The releases that it was started with, one a start; <c>-</c> for none.</summary>
    public string[] Starts() => File.ReadAllLines(Path.Combine(Scratch.State.NodeDirectory("main"), "starts"));

    public async ValueTask DisposeAsync()
    {
        _pids.UnionWith(Events.All.OfType<NodeStarted>().Select(e => e.Pid));
        foreach (var supervisor in _supervisors)
            await supervisor.DisposeAsync();
        foreach (var pid in _pids)
        {
            try
            {
                Kill(pid);
            }
            catch (Exception e) when (e is ArgumentException or InvalidOperationException)
            {
                // Ended already.
            }
        }

        Scratch.Dispose();
    }
}
