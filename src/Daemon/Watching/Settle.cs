namespace WatchReload.Daemon.Watching;

internal enum SettleState
{
    /// <summary>Nothing is pending.</summary>
    Idle,

    /// <summary>Look again after <see cref="SettleStep.Delay"/>.</summary>
    Wait,

    /// <summary>Quiet, and git is done: compare now.</summary>
    Ready,
}

/// <param name="State">What to do.</param>
/// <param name="Delay">For how long to wait; zero otherwise.</param>
internal readonly record struct SettleStep(SettleState State, TimeSpan Delay);

/// <summary>Decides when a tree that changes has come to rest.</summary>
/// <remarks>
/// Theory of operation. Hints (a path was touched; events were lost) are collected, and each moves the end of the quiet time.
/// <code>
///              hint                quiet long enough, git idle
///     Idle ----------> Settling ------------------------------> Ready --- Clear ---> Idle
///                      ^  ^   \                                   |
///          git is done |  |    \ quiet, but git is busy           | Doubt: a file looks half written
///                      |  |     v                                 | (once)
///                      |  |     Held                              |
///                      +--|----/                                  |
///                         +---------------------------------------+
/// </code>
/// The quiet time is short for a few files, as a save is, and longer for a burst, for lost events, for a file that somebody is writing still, and after a doubt. A tree that never
/// comes to rest is Ready after the longest settle time all the same. Held has no such limit: git's own state says that the tree is between
/// two states, and no build of it would mean anything. When git lets go, a fresh quiet time begins, for the events of its last writes; it may be
/// short, for before the comparison the caller waits until all events have come (<see cref="MayLag"/>): a status that an editor runs at each save must not cost more.
/// The caller reads the clock through <see cref="Next"/> alone, so nothing here runs by itself. Hints are never dropped: they go only in
/// <see cref="Clear"/>, which the caller does after it has compared. Whoever clears takes over what was pending; hints that arrive later begin anew.
/// </remarks>
internal sealed class Settle(WatcherSettings settings, Func<string?> busyWith, TimeProvider time)
{
    private static readonly TimeSpan ShortestHold = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestHold = TimeSpan.FromMilliseconds(200);

    private readonly HashSet<string> _paths = new(Paths.Comparer);
    private readonly HashSet<string> _open = new(Paths.Comparer);
    private long _first;
    private long _last;
    private long _held;
    private bool _doubted;
    private bool _wasHeld;
    private bool _caughtUp;

    public IReadOnlyCollection<string> Pending => _paths;

    /// <summary>Whether it looks as if one source file had been saved; editors touch others beside it.</summary>
    public bool IsSave => _open.Count == 0 && Lost is null && Held is null && _paths.Count <= settings.BurstFiles && _paths.Count(path => path.EndsWith(".cs", StringComparison.OrdinalIgnoreCase)) == 1;

    public bool IsPending(string path) => _paths.Contains(path);

    /// <summary>Why the hints do not suffice and the whole tree must be compared; null when they do.</summary>
    public string? Lost { get; private set; }

    /// <summary>What git is in the middle of, and for how long it has held the changes up; null when it does not.</summary>
    public (string By, TimeSpan Since)? Held { get; private set; }

    /// <summary>Whether so much happened that the hints so far may not be all: the events of a checkout can lag behind git itself.</summary>
    public bool MayLag => Lost is null && !_caughtUp && (_paths.Count > settings.BurstFiles || _wasHeld);

    /// <param name="path">What was touched.</param>
    /// <param name="isOpen">True: it is being written, and its end will be hinted at as well. False: it is not, or not any more. Null: it is not known.</param>
    public void Hint(string path, bool? isOpen = null)
    {
        Begin();
        _paths.Add(path);
        if (isOpen is true)
            _open.Add(path);
        else if (isOpen is false)
            _open.Remove(path);
    }

    /// <summary>Adds what was found by a look. Nothing has just happened, so the quiet time goes on as it was.</summary>
    public void Complete(IEnumerable<string> found) => _paths.UnionWith(found);

    /// <summary>All that has happened so far has been hinted at, or found.</summary>
    public void CatchUp() => _caughtUp = true;

    public void Lose(string reason)
    {
        Begin();
        Lost ??= reason;
    }

    /// <summary>Somebody waits from now on: the longest settle time begins. What was pending before had all the time it needed.</summary>
    public void Attend() => _first = time.GetTimestamp();

    /// <summary>Grants a file that looks half written a longer quiet time, once. False: it has had it.</summary>
    public bool Doubt()
    {
        if (_doubted)
            return false;
        _doubted = true;
        _last = time.GetTimestamp();
        return true;
    }

    public void Clear()
    {
        _paths.Clear();
        _open.Clear();
        Lost = null;
        Held = null;
        _doubted = false;
        _wasHeld = false;
        _caughtUp = false;
    }

    public SettleStep Next()
    {
        if (IsIdle)
            return new SettleStep(SettleState.Idle, TimeSpan.Zero);

        var now = time.GetTimestamp();
        var left = Quiet - time.GetElapsedTime(_last, now);
        var leftAtMost = settings.LongestSettle - time.GetElapsedTime(_first, now);
        var wait = left < leftAtMost ? left : leftAtMost;
        if (wait > TimeSpan.Zero && Held is null)
            return new SettleStep(SettleState.Wait, wait);

        if (busyWith() is { } by)
            return Hold(by, now);
        if (Held is null)
            return new SettleStep(SettleState.Ready, TimeSpan.Zero);

        Held = null;
        _first = _last = now;
        return new SettleStep(SettleState.Wait, Quiet);
    }

    private bool IsIdle => _paths.Count == 0 && Lost is null;

    private TimeSpan Quiet => _paths.Count > settings.BurstFiles || Lost is not null || _doubted || _open.Count > 0 ? settings.BurstQuiet : settings.Quiet;

    private void Begin()
    {
        _last = time.GetTimestamp();
        if (IsIdle)
            _first = _last;
    }

    private SettleStep Hold(string by, long now)
    {
        if (Held is null)
            _held = now;
        var since = time.GetElapsedTime(_held, now);
        Held = (by, since);
        _wasHeld = true;
        _caughtUp = false;
        return new SettleStep(SettleState.Wait, TimeSpan.FromTicks(Math.Clamp(since.Ticks / 4, ShortestHold.Ticks, LongestHold.Ticks)));
    }
}
