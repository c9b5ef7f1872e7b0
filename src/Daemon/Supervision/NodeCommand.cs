using System.Diagnostics;
using System.Globalization;
using WatchReload.Control;
using WatchReload.Daemon.Configuration;

namespace WatchReload.Daemon.Supervision;

/// <summary>The command line and environment of a node's process.</summary>
internal static class NodeCommand
{
    /// <summary>How often a thread of the pool turns round before it sleeps: that takes processors from whoever builds.</summary>
    private const string PoolSpins = "DOTNET_ThreadPool_UnfairSemaphoreSpinLimit";

    /// <summary>Whether methods are compiled quickly first, and for speed by and by: that takes processors from the edits after a start.</summary>
    private const string QuickFirst = "DOTNET_TC_QuickJit";

    /// <summary>What systemd tells a service's main process: it is not for its children, who would speak in its name.</summary>
    private static readonly string[] _ofTheServiceManager = ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES"];

    /// <summary>For a child process.</summary>
    /// <exception cref="IOException">The copy that it runs from cannot be made.</exception>
    public static ProcessStartInfo Of(NodeLaunch launch, NodeSettings node, string? release)
    {
        var start = Alone(launch, node, release);
        foreach (var variable in _ofTheServiceManager)
            start.Environment.Remove(variable);
        return start;
    }

    /// <summary>For this process, which is to become the node.</summary>
    /// <exception cref="IOException">The copy that it runs from cannot be made.</exception>
    public static ProcessStartInfo Alone(NodeLaunch launch, NodeSettings node, string? release)
    {
        // Output is inherited: it goes on when this process is gone. The node takes a session of its own: Ctrl-C here is not for it.
        var files = NodeFiles.Of(launch, node);
        var start = new ProcessStartInfo(files.Host) { UseShellExecute = false };
        string[] arguments =
        [
            files.Assembly, "--state", launch.State.Root, "--name", node.Name,
            .. release is null ? (string[])[] : ["--release", release],
            .. launch.StdoutToStderr ? (string[])["--stdout-to-stderr"] : [],
            .. launch.Deltas ? (string[])["--deltas"] : [],
            "--probation", launch.Probation.TotalSeconds.ToString(CultureInfo.InvariantCulture),
            .. node.MetricsPort == 0 ? (string[])[] : ["--metrics-port", node.MetricsPort.ToString(CultureInfo.InvariantCulture)],
            .. launch.Foreground ? (string[])["--foreground"] : [],
            .. launch.Quiet ? (string[])["--quiet"] : [],
            .. launch.KeepsLog ? (string[])["--log", Path.Combine(launch.State.Logs, $"node-{node.Name}-.log")] : [],
            .. node.Arguments.Count == 0 ? (string[])[] : ["--", .. node.Arguments],
        ];
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        if (launch.Deltas)
        {
            start.Environment["DOTNET_MODIFIABLE_ASSEMBLIES"] = "debug";
            // A developer's machine has the compiler beside it. In production the pool waits, and the runtime compiles, as they are meant to: there replies a second count.
            start.Environment.TryAdd(PoolSpins, "0");
            start.Environment.TryAdd(QuickFirst, "0");
        }

        foreach (var (name, value) in node.Environment.Where(v => v.Key != PausePoint.Variable)) // a configuration does not hold deploys up
            start.Environment[name] = value;
        return start;
    }
}
