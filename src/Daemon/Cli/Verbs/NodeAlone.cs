using System.ComponentModel;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using WatchReload.Control;
using WatchReload.Daemon.Configuration;
using WatchReload.Daemon.Flow;
using WatchReload.Daemon.Releases;
using WatchReload.Daemon.Supervision;

namespace WatchReload.Daemon.Cli.Verbs;

/// <summary>
/// <c>run --exec</c> and <c>run --release DIR</c>: this process becomes the node. Whatever supervises it (systemd, runit, a container) has the
/// node itself as its child, sees its exit code and sends it its signals.
/// </summary>
internal static class NodeAlone
{
    private const int NoSuchFile = 2;
    private const int NotAllowed = 13;

    /// <param name="call">The run.</param>
    /// <param name="portable">A directory of <c>build --output</c>; null: the releases of the state directory.</param>
    /// <param name="cancellation">Gives up, until it is the node.</param>
    public static async Task<int> Run(Invocation call, string? portable, CancellationToken cancellation)
    {
        if (OperatingSystem.IsWindows())
            return call.Console.Fail(ExitCode.Usage, "On Windows a process cannot become another.", "Use watchreload run without --exec and --release.");
        var opened = await Workplace.Open(call, cancellation, needsProject: portable is null);
        if (!opened.Opened)
            return call.Console.Fail(opened.Failure);
        var place = opened.Place;
        if (place.Nodes is not [var node])
            return call.Console.Fail(ExitCode.Usage, $"A process can become one node, and {place.Nodes.Count} are configured.", $"Choose one, such as --node {place.Nodes[0].Name}, and run each by itself.");
        var (release, code) = await Choose(call, place, node, portable, cancellation);
        if (code != ExitCode.Done)
            return code;
        var launch = new NodeLaunch(place.State, call.Context.NodeAssembly) { StdoutToStderr = call.Json, Foreground = true, FromCopy = call.Context.CopiesNode, Probation = place.Settings.Reload.Probation };
        try
        {
            return call.Context.Become(NodeCommand.Alone(launch, node, release));
        }
        catch (Win32Exception e)
        {
            return call.Console.Fail(e.NativeErrorCode is NoSuchFile or NotAllowed ? ExitCode.Usage : ExitCode.Circumstances, $"{DotnetHost.Command} cannot be started: {e.Message}", "Is the .NET runtime still installed there?");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return call.Console.Fail(DiskTrouble.Is(e) ? ExitCode.Circumstances : ExitCode.Usage, $"What node {node.Name} runs from cannot be copied into {place.State.Root}: {e.Message}", "Make room there, and let the user of this process write to it.");
        }
    }

    private static async Task<(string? Release, int ExitCode)> Choose(Invocation call, Workplace place, NodeSettings node, string? portable, CancellationToken cancellation)
    {
        var store = new ReleaseStore(place.State, call.Time, NullLogger<ReleaseStore>.Instance);
        if (portable is not null)
        {
            OwnedPath.EnsureState(place.State);
            var room = place.Settings.Releases;
            var taken = await new PortableRelease(portable).TakeIn(store, room.MinimumFreeSpace, room.Keep, room.MaximumSize, cancellation);
            return taken.Succeeded ? (Portable(call, place.State, node.Name, store, taken.Release), ExitCode.Done) : (null, call.Console.Fail(taken.Transient ? ExitCode.Circumstances : ExitCode.Usage, taken.Cause, taken.Remedy));
        }

        if (!StartRelease.Of(place.State, node.Name, store).Found)
        {
            var built = await Commission.Run(call, new BuildOrder { Cause = "run" }, cancellation);
            if (built != ExitCode.Done)
                return (null, built);
        }

        var release = StartRelease.Of(place.State, node.Name, store).Release;
        var fallback = new Fallback(place.State, node.Name, (failed, tried) => store.Instead(node.Name, failed, tried));
        if (LastFailure(place.State, node.Name) is { Transient: false, Release: { } failed } && fallback.WouldStart(release) == failed && fallback.Take(release) is { } fallen)
            call.Console.Warn($"Node {node.Name} could not start on {fallen.Failed} and falls back to {fallen.Instead}. Deploy another release.");
        return (fallback.Instead(release), ExitCode.Done);
    }

    /// <summary>What is started over and over does not end on a release that the node died on: then it starts on <c>current</c>, as a node does.</summary>
    private static string? Portable(Invocation call, StateDirectory state, string node, ReleaseStore store, Release taken)
    {
        var failed = PointerFile.Read(state.Trial(node)) == taken.Id || store.Bad().Contains(taken.Manifest.ContentHash);
        if (!failed || PointerFile.Read(state.Current(node)) is not { } current || current == taken.Id || store.Find(current).Release is not { } proven || proven.Manifest.ContentHash == taken.Manifest.ContentHash)
            return taken.Id;
        call.Console.Warn($"Release {taken.Id} failed on trial, and node {node} starts on {current}. Deploy another.");
        return null;
    }

    /// <summary>Why the process before this one ended before it served; null when it served.</summary>
    private static ReloadReport? LastFailure(StateDirectory state, string node)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(state.StartFailure(node)), ControlJson.Default.ReloadReport);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }
}
