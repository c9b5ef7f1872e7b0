using WatchReload.Hosting.Kernel;

namespace WatchReload.Hosting.Upgrading;

/// <summary>How often the gate is closed for one reload, and how long it stays open in between.</summary>
/// <remarks>
/// Theory of operation. While fewer actors run than candidates are made, candidates are made again between two closings, and what is left is few. When actors run faster than that, which
/// is <paramref name="overtaken"/>, whatever is made while they run is in vain, and costs memory and collections that slow down both. Then the gate alone gains on them: it closes for
/// moments, and stays open for as long after each, so that all go on at half their speed. That ends when none is left, when it gains too little to come to an end, or when it has
/// taken <see cref="MostClosed"/> in all: then the next round is the last, and whoever is left is late. What overtook the candidates may have been a burst, which is over: so few of those that were made in
/// a round run in as long again that most candidates of one pass over the rest would be good at its end. Then that pass is made, and others after it, until one is in vain: that is the last.
/// </remarks>
internal sealed class GatePace(UpgradeSession session, bool overtaken)
{
    /// <summary>Before the gate no pass is made for so few, and one that leaves so few was not in vain.</summary>
    public const int FewEnough = 256;

    private const int Rounds = 6;

    /// <summary>A pass over those that ran is worth its while if it leaves no more than this part of them.</summary>
    private const double Gain = 0.9;

    /// <summary>A last round is given up only for a state that takes long under the gate and not else. Each names one more of them late.</summary>
    private const int LastRounds = 7;

    /// <summary>A collection may fall into a round, and all that was to be gained in it.</summary>
    private const int MostMisses = 3;

    private static readonly TimeSpan MostClosed = TimeSpan.FromMilliseconds(400);
    private static readonly ManualResetEvent s_never = new(false);

    private int _number;
    private int _last;
    private int _misses;
    private int _before;
    private TimeSpan _closed;
    private bool _overtaken = overtaken;

    /// <summary>After so many rounds the first pass over the rest was made when a burst was over; 0 while none was.</summary>
    private int _tried;

    /// <summary>Whoever is left in this round is late.</summary>
    public bool IsLast { get; private set; }

    /// <summary>Of so many whose candidates were made, so many have run by its end: more of the same is of no use.</summary>
    public static bool IsInVain(int before, int stale) => stale > FewEnough && stale > Gain * before;

    /// <summary>False: there is no use in another round.</summary>
    public bool Next()
    {
        var stale = session.Stale;
        // What a pass has gained says nothing of what the gate gains.
        var isAfterPass = !_overtaken && _number > 0;
        _overtaken |= isAfterPass && IsInVain(_before, stale);
        IsLast = IsLast || (_overtaken ? _number > 0 && !isAfterPass && !IsGaining(stale) : _number - _tried + 1 >= Rounds);
        _before = stale;
        _number++;
        return !IsLast || ++_last <= LastRounds;
    }

    /// <summary>After a round that was not the end. False: candidates are to be made again before the next. True: it would be in vain, and the actors have had their time.</summary>
    public bool Breathes(TimeSpan closed)
    {
        _closed += closed;
        if (!_overtaken || IsLast)
        {
            _before = session.Stale;
            return false;
        }

        var left = session.Stale;
        s_never.WaitOne(closed < MostClosed ? closed : MostClosed);
        if (_tried > 0 || !IsQuieter(left)) return true;
        (_tried, _before, _overtaken) = (_number, session.Stale, false);
        return false;
    }

    /// <summary>
    /// Whether a pass over the rest, which takes as many times longer than the round as there are more, would leave most of its candidates good.
    /// One more is counted than was seen to run: a round that made few says little.
    /// </summary>
    /// <param name="left">How many the round has left.</param>
    private bool IsQuieter(int left)
    {
        var stale = session.Stale;
        var (made, ran) = (_before - left, Math.Max(0, stale - left));
        return made > 0 && (ran + 1.0) / made < (double)made / stale;
    }

    private bool IsGaining(int stale)
    {
        var gain = _before - stale;
        if (gain <= 0 && ++_misses > MostMisses) return false;
        if (gain <= 0) return _closed < MostClosed;
        return _closed / _number * (stale / gain) < MostClosed - _closed;
    }
}
