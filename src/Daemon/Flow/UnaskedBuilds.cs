using WatchReload.Daemon.Events;

namespace WatchReload.Daemon.Flow;

/// <summary>Nobody asked for these builds: only what comes of them is told, and of a failure that is met again, once.</summary>
internal sealed class UnaskedBuilds(IEventSink all) : IEventSink
{
    private BuildFailed? _last;

    public void Emit(DaemonEvent happened)
    {
        if (happened is BuildStarted)
            return;
        var failed = happened as BuildFailed;
        if (failed is null || _last is null || !IsSame(failed, _last))
            all.Emit(happened);
        _last = failed;
    }

    /// <summary>Projects are built in any order, a warm builder has fewer warnings, and a circumstance has figures in its words, such as the room that is left.</summary>
    private static bool IsSame(BuildFailed one, BuildFailed other) => Errors(one).SetEquals(Errors(other));

    private static HashSet<string> Errors(BuildFailed failed) =>
        [.. failed.Diagnostics.Where(diagnostic => diagnostic.Severity == "error").Select(diagnostic => $"{diagnostic.File}({diagnostic.Line}): {diagnostic.Code} {string.Concat(diagnostic.Message.Where(letter => !char.IsDigit(letter)))}")];
}
