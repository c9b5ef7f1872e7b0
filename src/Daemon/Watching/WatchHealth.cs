using Microsoft.Extensions.Logging;

namespace WatchReload.Daemon.Watching;

/// <summary>Keeps events coming, or finds out that they do not and has the tree looked at instead.</summary>
/// <remarks>
/// Theory of operation. A watcher that died looks like a tree at rest, and on Linux it dies of everyday things: the runtime's thread ends, without a word, when a
/// directory is moved out of the tree and another event follows at once. So every second something is changed that the root's watcher must tell of
/// (<see cref="Heartbeat"/>). The first beat without an answer has another watcher opened; the second says that this file system sends no events, and polling
/// begins. A limit of the system makes it begin at once. While polling, another watcher is opened now and then; an answered beat, with no limit hit since
/// the opening, ends the polling. Whenever events may have been lost, the return value says so, and the whole tree is compared. Called from the watcher's loop only.
/// </remarks>
internal sealed class WatchHealth : IDisposable
{
    private static readonly TimeSpan AnswerDeadline = TimeSpan.FromSeconds(1);

    /// <summary>How often another watcher is tried while polling.</summary>
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMinutes(1);

    /// <summary>More than this between the clock on the wall and the one that only counts: the machine slept, or the clock was set.</summary>
    private static readonly TimeSpan Jump = TimeSpan.FromSeconds(2);

    private readonly WatcherSettings _settings;
    private readonly OpenTreeEvents _open;
    private readonly Func<string, bool> _isOut;
    private readonly Action<WatchSignal> _post;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Heartbeat? _heartbeat;
    private readonly ITimer _beat;
    private readonly ITimer _deadline;
    private readonly ITimer _look;
    private WatchPlan _plan;
    private IDisposable? _events;
    private int _generation;
    private int _missed;
    private bool _unanswered;
    private bool _limited;
    private long _openedAt;
    private long _beatAt;
    private DateTimeOffset _beatTime;

    public WatchHealth(WatcherSettings settings, OpenTreeEvents open, Func<string, bool> isOut, Action<WatchSignal> post, TimeProvider time, ILogger log)
    {
        (_settings, _open, _isOut, _post, _time, _log) = (settings, open, isOut, post, time, log);
        _plan = WatchPlan.Of(settings.Root);
        _heartbeat = settings.Polling == PollingMode.Always ? null : Heartbeat.In(settings.Root, settings.State);
        _beat = time.CreateTimer(_ => post(new WatchSignal.BeatDue()), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _deadline = time.CreateTimer(_ => post(new WatchSignal.BeatMissed(Volatile.Read(ref _generation))), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _look = time.CreateTimer(_ => post(new WatchSignal.LookDue()), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public bool IsPolling { get; private set; }

    public void Start()
    {
        (_beatAt, _beatTime) = (_time.GetTimestamp(), _time.GetUtcNow());
        if (_settings.Polling == PollingMode.Always)
        {
            Poll();
            return;
        }
        Open();
        LookEvery(_settings.RescanInterval);
        _beat.Change(TimeSpan.Zero, _settings.HeartbeatInterval);
    }

    /// <summary>Watches what the plan names, before it lets go of what it watched.</summary>
    public void Watch(WatchPlan next)
    {
        var same = _plan.Directories.SequenceEqual(next.Directories);
        _plan = next;
        if (!same && _settings.Polling != PollingMode.Always)
            Open();
    }

    /// <summary>Makes a beat. Gives why events may have been lost, or null.</summary>
    public string? Beat()
    {
        var (stamp, now) = (_time.GetTimestamp(), _time.GetUtcNow());
        var (ticked, passed) = (_time.GetElapsedTime(_beatAt, stamp), now - _beatTime);
        (_beatAt, _beatTime) = (stamp, now);

        if (IsPolling && _time.GetElapsedTime(_openedAt, stamp) >= RetryInterval)
            Open();
        if (_unanswered)
        {
            // The deadline of the beat before is still to come.
        }
        else if (_heartbeat?.Beat(now) == true)
        {
            _unanswered = true;
            _deadline.Change(AnswerDeadline, Timeout.InfiniteTimeSpan);
        }
        else
        {
            _post(new WatchSignal.LookDue());
        }

        if ((passed - ticked).Duration() > Jump)
            return "the clock jumped";
        return ticked > _settings.HeartbeatInterval + Jump ? "the watcher was held up" : null;
    }

    public string? Heard(int from)
    {
        if (from != _generation)
            return null;
        _unanswered = false;
        _missed = 0;
        _deadline.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        if (!IsPolling || _limited)
            return null;
        IsPolling = false;
        LookEvery(_settings.RescanInterval);
        _log.PollingEnded(_settings.Root);
        return "events are back";
    }

    public string? Missed(int from)
    {
        if (from != _generation || !_unanswered)
            return null;
        _unanswered = false;
        _missed++;
        if (IsPolling)
            return null;
        if (_missed > 1 && _settings.Polling == PollingMode.Auto)
        {
            _log.PollingStarted(_settings.Root, _settings.PollInterval);
            Poll();
        }
        else
        {
            _log.WatcherRestarted();
            Open();
            _beat.Change(TimeSpan.Zero, _settings.HeartbeatInterval);
        }
        return "the watcher died";
    }

    public string? Failed(int from, Exception error)
    {
        // A limit is hit once for each directory; once is enough to know.
        if (from != _generation || _limited)
            return null;
        if (WatchLimit.From(error) is { } limit)
        {
            _limited = true;
            if (IsPolling)
                return null;
            _log.LimitReached(limit.Cause, limit.Remedy, _settings.Polling == PollingMode.Auto ? _settings.PollInterval : _settings.RescanInterval);
            if (_settings.Polling == PollingMode.Auto)
                Poll();
            return limit.Cause;
        }
        if (error is not InternalBufferOverflowException)
            _log.CannotWatch(_settings.Root, error.Message);
        return error is InternalBufferOverflowException ? "too many at once" : error.Message;
    }

    public void Dispose()
    {
        _beat.Dispose();
        _deadline.Dispose();
        _look.Dispose();
        _events?.Dispose();
    }

    private void Poll()
    {
        IsPolling = true;
        LookEvery(_settings.PollInterval);
    }

    private void LookEvery(TimeSpan interval)
    {
        var period = interval > TimeSpan.Zero ? interval : Timeout.InfiniteTimeSpan;
        _look.Change(period, period);
    }

    private void Open()
    {
        var from = ++_generation;
        _limited = false;
        _unanswered = false;
        _openedAt = _time.GetTimestamp();
        var before = _events;
        _events = _open(_plan.Directories, path => Touched(from, path), error => _post(new WatchSignal.Failed(from, error)));
        before?.Dispose();
    }

    // On the watcher's thread, for every file of a build's outputs too: drop early what is out.
    private void Touched(int from, string path)
    {
        if (_heartbeat is not null && path.Equals(_heartbeat.Path, Paths.Comparison))
            _post(new WatchSignal.BeatHeard(from));
        else if (!_isOut(path))
            _post(new WatchSignal.Touched(path));
        if (_plan.Aliases.TryGetValue(path, out var alias))
            _post(new WatchSignal.Touched(alias));
    }
}
