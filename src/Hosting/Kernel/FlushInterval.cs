namespace WatchReload.Hosting.Kernel;

/// <summary>
/// What turns write is sent once for all that follow each other at once, but waits for those that come after it no longer than about a millisecond, or a step of the coarse clock; asked after each turn.
/// </summary>
/// <remarks>
/// To ask the clock costs a fortieth of a turn that answers a line. So after quick turns it is asked after some more of them, and meanwhile the coarse clock of the system, which costs a
/// fifth of that, says whether one has taken long: then what was written has waited for as long as that one's step, which is 4 milliseconds on most machines.
/// </remarks>
/// <param name="time">The clock.</param>
/// <param name="coarse">Milliseconds of the coarse clock.</param>
internal struct FlushInterval(TimeProvider time, Func<long> coarse)
{
    private const int QuickTurns = 8;
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(1);

    private readonly long _began = time.GetTimestamp();
    private long _asked;
    private long _coarse;
    private int _unasked;

    public bool IsOver()
    {
        if (_unasked > 0 && coarse() == _coarse)
        {
            _unasked--;
            return false;
        }

        var elapsed = time.GetElapsedTime(_began).Ticks;
        var areQuick = elapsed - _asked < s_interval.Ticks / QuickTurns;
        (_asked, _coarse, _unasked) = (elapsed, areQuick ? coarse() : 0, areQuick ? QuickTurns : 0);
        return elapsed >= s_interval.Ticks;
    }
}
