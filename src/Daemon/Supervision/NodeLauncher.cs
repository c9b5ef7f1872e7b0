using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using WatchReload.Control;
using WatchReload.Daemon.Configuration;
using WatchReload.Daemon.Delivery;

namespace WatchReload.Daemon.Supervision;

/// <summary>Starts a node's process and waits until it serves or has said why it cannot.</summary>
internal sealed class NodeLauncher(NodeLaunch launch, TimeProvider time, ILogger<NodeLauncher> log)
{
    private const int Killed = 128 + 9;
    private const int Terminated = 128 + 15;
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(20);

    public NodeLaunch Launch => launch;

    /// <param name="node">Which one.</param>
    /// <param name="release">What it loads; null: it decides between <c>current</c> and the end of a trial.</param>
    /// <param name="cancellation">Gives up, and ends the process.</param>
    public async Task<NodeStart> Start(NodeSettings node, string? release, CancellationToken cancellation)
    {
        var begun = time.GetTimestamp();
        Process child;
        try
        {
            DurableFile.Delete(launch.State.StartFailure(node.Name));
            child = Process.Start(NodeCommand.Of(launch, node, release)) ?? throw new InvalidOperationException("No process was started.");
        }
        catch (Win32Exception e)
        {
            return new NodeStart.Failed([$"{DotnetHost.Command} cannot be started: {e.Message}. Is the .NET runtime still installed there?"], 0, null) { Transient = true };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new NodeStart.Failed([$"What node {node.Name} runs from cannot be copied into {launch.State.Root}: {e.Message} Make room there, and let the user of this process write to it."], 0, null) { Transient = true };
        }
        catch (StateException e)
        {
            return new NodeStart.Failed([$"{e.Message} {e.Remedy}"], 0, null) { Transient = true };
        }

        SupervisionLog.Starting(log, node.Name, child.Id, release ?? "current");
        var process = NodeProcess.Started(child, time);
        try
        {
            return await WaitUntilServing(node.Name, process, child, begun, cancellation);
        }
        catch
        {
            process.Kill();
            process.Dispose();
            throw;
        }
    }

    private async Task<NodeStart> WaitUntilServing(string node, NodeProcess process, Process child, long begun, CancellationToken cancellation)
    {
        using var link = new NodeLink(launch.State, node);
        while (!child.HasExited)
        {
            if (await Status(link, process.Pid, cancellation) is { Version: >= 1 } status)
                return new NodeStart.Serving(process, status, time.GetElapsedTime(begun).TotalMilliseconds);
            if (time.GetElapsedTime(begun) > launch.StartDeadline)
            {
                process.Kill();
                await child.WaitForExitAsync(cancellation);
                return new NodeStart.Failed([$"Node {node} did not serve within {launch.StartDeadline.TotalSeconds:0} s and was ended. Its output tells how far it came."], process.Pid, null) { Transient = true };
            }

            await Task.Delay(_look, time, cancellation);
        }

        using (process)
            return Failed(node, child.ExitCode, process.Pid);
    }

    private async Task<NodeStatus?> Status(NodeLink link, int pid, CancellationToken cancellation)
    {
        try
        {
            return RendezvousFile.Read(launch.State, link.Node)?.Pid == pid ? await link.Status(cancellation) : null; // not there yet, or left behind by the one before
        }
        catch (ControlException)
        {
            return null; // busy with its start, or going down, or what the one before left is damaged: seen by its exit or the deadline
        }
    }

    private NodeStart.Failed Failed(string node, int exitCode, int pid)
    {
        var file = launch.State.StartFailure(node);
        try
        {
            if (File.Exists(file) && JsonSerializer.Deserialize(File.ReadAllBytes(file), ControlJson.Default.ReloadReport) is { Problems.Count: > 0 } report)
                return new NodeStart.Failed([.. report.Problems], pid, exitCode) { Transient = report.Transient };
        }
        catch (JsonException e)
        {
            SupervisionLog.StartFailureUnreadable(log, file, e.Message);
        }

        var holder = FileLock.Holder(launch.State.NodeLock(node));
        return exitCode == 2 && holder is not null
            ? new NodeStart.Failed([$"Node {node} runs already, as pid {holder.Pid}, but does not answer. If it hangs, end it: kill {holder.Pid}"], pid, exitCode) { Transient = true }
            : new NodeStart.Failed([$"Node {node} ended with exit code {exitCode} before it served. Its output above tells why."], pid, exitCode) { Transient = exitCode is Killed or Terminated };
    }
}
