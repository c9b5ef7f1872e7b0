using Microsoft.Extensions.Logging;
using WatchReload.Control;
using WatchReload.Daemon.Configuration;
using WatchReload.Daemon.Events;

namespace WatchReload.Daemon.Supervision;

/// <summary>Starts a node, and where it cannot start on its release, on another: each once.</summary>
internal sealed class FallbackStart(NodeSettings node, NodeLauncher launcher, Func<string, string?, string?> other, ILogger log)
{
    /// <param name="release">Null: the node's own choice.</param>
    /// <param name="told">Has what could not be started.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<NodeStart> Run(string? release, IEventSink told, CancellationToken cancellation)
    {
        var fallback = new Fallback(launcher.Launch.State, node.Name, other);
        var start = await launcher.Start(node, fallback.Instead(release), cancellation);
        while (start is NodeStart.Failed { Transient: false } failed && Take(fallback, release) is { } fallen)
        {
            told.Emit(failed.Event(node.Name, TimeSpan.Zero));
            SupervisionLog.FallsBack(log, node.Name, fallen.Failed, fallen.Instead);
            start = await launcher.Start(node, fallen.Instead, cancellation);
            if (start is NodeStart.Serving serving)
                return serving with { FellBackFrom = fallen.Failed };
        }

        return start;
    }

    /// <summary>Null also when it cannot be written down: without that the node would alternate between the two. The next failure asks again.</summary>
    private FallenBack? Take(Fallback fallback, string? release)
    {
        try
        {
            return fallback.Take(release);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            SupervisionLog.FallbackNotWritten(log, node.Name, e.Message);
            return null;
        }
    }
}
