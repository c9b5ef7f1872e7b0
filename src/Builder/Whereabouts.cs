using WatchReload.Builder.Diagnostics;
using WatchReload.Control;

namespace WatchReload.Builder;

/// <summary>Whose generators and analyzers run: told before they do, as nobody is left to tell it when they hang or end the process.</summary>
internal sealed class Whereabouts
{
    private volatile DiagnosticBag? _asked;
    private volatile BuildProgress? _now;

    /// <summary>What is under way; null when that is nothing that runs them.</summary>
    public BuildProgress? Now => _now;

    /// <summary>Work begins.</summary>
    /// <param name="asked">Of whoever waits for it; null when nobody does.</param>
    public void Begin(DiagnosticBag? asked) => (_asked, _now) = (asked, null);

    public void End() => Begin(null);

    /// <param name="activity">As in <see cref="BuildProgress"/>.</param>
    /// <param name="project">Absolute path.</param>
    /// <param name="extensions">Those of the project that did not come with the SDK.</param>
    public void Enter(string activity, string project, IReadOnlyList<string> extensions)
    {
        var now = new BuildProgress(activity, project) { Extensions = extensions };
        _now = now;
        if (extensions.Count > 0)
            _asked?.Report(now);
    }
}
