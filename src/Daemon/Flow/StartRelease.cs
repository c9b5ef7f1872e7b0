using WatchReload.Control;
using WatchReload.Daemon.Releases;

namespace WatchReload.Daemon.Flow;

/// <summary>What a node starts on.</summary>
/// <param name="Found">False: there is nothing to start on yet.</param>
/// <param name="Release">Null: its own choice, as it has served before.</param>
internal sealed record StartRelease(bool Found, string? Release)
{
    /// <summary>Its own choice when it has served before, else the newest release that is not known to be bad, and was not only rehearsed.</summary>
    public static StartRelease Of(StateDirectory state, string node, ReleaseStore releases)
    {
        if (File.Exists(state.Current(node)) || File.Exists(state.Trial(node)))
            return new StartRelease(true, null);
        var newest = releases.First();
        return new StartRelease(newest is not null, newest);
    }
}
