using WatchReload.Daemon.Events;

namespace WatchReload.Daemon.Resident.Hook;

/// <summary>Events as whoever pushed reads them: the names of files start at the top of the tree, which is what a pusher knows of it.</summary>
internal sealed class PusherView(string root)
{
    public DaemonEvent Show(DaemonEvent happened) => happened switch
    {
        BuildFailed failed => failed with { Diagnostics = Show(failed.Diagnostics) },
        BuildFinished finished => finished with { Diagnostics = Show(finished.Diagnostics) },
        BuildAnalyzed analyzed => analyzed with { Diagnostics = Show(analyzed.Diagnostics) },
        _ => happened,
    };

    private EventDiagnostic[] Show(IReadOnlyList<EventDiagnostic> diagnostics) => [.. diagnostics.Select(d => d.File is { } file ? d with { File = Show(file) } : d)];

    private string Show(string file)
    {
        var relative = Path.GetRelativePath(root, file);
        return relative.StartsWith("..", StringComparison.Ordinal) ? file : relative;
    }
}
