namespace WatchReload.Daemon.Watching;

/// <summary>How often a tree can be looked at, by what a look costs: a large tree is looked at less often, and one where nothing happens too.</summary>
internal sealed class LookPace(TimeProvider time)
{
    /// <summary>While somebody works: a look's time to the time between looks.</summary>
    private const int Working = 30;

    /// <summary>Otherwise: a daemon that has nothing to do takes less than 0.2 % of a core.</summary>
    private const int Idle = 600;
    private static readonly TimeSpan IdleAfter = TimeSpan.FromMinutes(5);

    /// <summary>Who polls waits no longer than this for a change to be noticed, whatever it costs.</summary>
    private static readonly TimeSpan LongestPolling = TimeSpan.FromSeconds(10);

    private TimeSpan _cost;
    private long _found = time.GetTimestamp();

    public void Looked(TimeSpan cost, bool found)
    {
        _cost = cost;
        if (found)
            _found = time.GetTimestamp();
    }

    /// <summary>Where looks are all there is.</summary>
    public TimeSpan Polling(TimeSpan configured)
    {
        var share = time.GetElapsedTime(_found) < IdleAfter ? Working : Idle;
        return Longer(configured, Longer(LongestPolling, configured) is var most && _cost * share < most ? _cost * share : most);
    }

    /// <summary>Where events tell, and a look is for what they may have missed; zero: never.</summary>
    public TimeSpan Rescanning(TimeSpan configured) => configured == TimeSpan.Zero ? configured : Longer(configured, _cost * Idle);

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
