using System.Diagnostics;
using WatchReload.Control;

namespace WatchReload.Hosting.Upgrading;

/// <summary>Takes the time of a reload's phases and tells of each as it ends.</summary>
internal sealed class ReloadTrace(Action<ReloadEvent> emit)
{
    private readonly List<ReloadPhase> _phases = [];
    private long _since = Stopwatch.GetTimestamp();

    public IReadOnlyList<ReloadPhase> Phases => _phases;

    /// <summary>The phase that began when the one before ended is over.</summary>
    public void Ended(string phase)
    {
        var now = Stopwatch.GetTimestamp();
        var entry = new ReloadPhase(phase, Math.Round(Stopwatch.GetElapsedTime(_since, now).TotalMilliseconds, 3));
        _since = now;
        _phases.Add(entry);
        emit(new ReloadEvent { Phase = entry });
    }

    /// <summary>All is prepared, and somebody else decides.</summary>
    public void Held() => emit(new ReloadEvent { Held = true });

    /// <summary>Time that belongs to no phase has passed.</summary>
    public void Skip() => _since = Stopwatch.GetTimestamp();
}
