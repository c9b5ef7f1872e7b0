using Microsoft.Extensions.Logging;

namespace WatchReload.Daemon.Watching;

/// <summary>Keeps events coming, or finds out that they do not and has the tree looked at instead.</summary>
/// <remarks>
/// Theory of operation. A watcher that died, or that the file system tells nothing, looks like a tree at rest. So every second something is changed that the root's watcher must tell of
/// (<see cref="Heartbeat"/>). The first beat without an answer has another watcher opened; the second says that this file system sends no events, and polling
/// begins. A limit of the system makes it begin at once. While polling, another watcher is opened now and then; an answered beat, with no limit hit since
/// the opening, ends the polling, unless this file system is one that others write to from elsewhere, known by its kind or by changes that a look found and no
/// event told of: then polling stays. One watcher's events come in order, so a beat also answers whether all events have come (<see cref="Ask"/>). At each beat the
/// watched directories are looked at too: a watcher stays with the one that it was opened on, also when another takes its place. Whenever events may have been lost, the return value says so, and the whole tree is compared. Called from the watcher's loop only.
/// </remarks>
internal sealed class WatchHealth : IDisposable
{
    /// <summary>One watcher's events come in order: when a beat is heard, all that happened before it was told of.</summary>
    private enum Question
    {
        None,

        /// <summary>An earlier beat is still unanswered; its answer would say nothing of what came after it.</summary>
        Queued,
        Asked,
        Answered,
        Unanswered,
    }

    private static readonly TimeSpan AnswerDeadline = TimeSpan.FromSeconds(1);

    /// <summary>How often another watcher is tried while polling, or while something is not watched.</summary>
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMinutes(1);

    /// <summary>More than this between the clock on the wall and the one that only counts: the machine slept, or the clock was set.</summary>
    private static readonly TimeSpan Jump = TimeSpan.FromSeconds(2);

    private readonly WatcherSettings _settings;
    private readonly Action<WatchSignal> _post;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Heartbeat? _heartbeat;
    private readonly PlannedEvents _events;
    private readonly LookPace _pace;
    private readonly ITimer _beat;
    private readonly ITimer _deadline;
    private readonly ITimer _look;

    /// <summary>Which watcher the last beat was for.</summary>
    private int _beatOf;
    private int _missed;
    private bool _unanswered;
    private bool _deaf;
    private string? _cannotWatch;
    private int _unreported;
    private Question _question;
    private long _beatAt;
    private DateTimeOffset _beatTime;

    public WatchHealth(WatcherSettings settings, OpenTreeEvents open, Func<string, bool> isOut, Action<WatchSignal> post, TimeProvider time, ILogger log)
    {
        (_settings, _post, _time, _log) = (settings, post, time, log);
        _pace = new LookPace(time);
        _heartbeat = settings.Polling == PollingMode.Always ? null : Heartbeat.In(settings.Root, settings.State);
        _events = new PlannedEvents(WatchPlan.Of(settings.Root), open, _heartbeat?.Path, isOut, post, time);
        _beat = time.CreateTimer(_ => post(new WatchSignal.BeatDue()), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _deadline = time.CreateTimer(_ => post(new WatchSignal.BeatMissed(Volatile.Read(ref _beatOf))), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _look = time.CreateTimer(_ => post(new WatchSignal.LookDue()), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public bool IsPolling { get; private set; }

    /// <summary>Whether a question is under way (<see cref="Ask"/>).</summary>
    public bool IsAsking => _question is Question.Queued or Question.Asked;

    /// <summary>Whether the last question was answered.</summary>
    public bool IsAnswered => _question is Question.Answered;

    public void Start()
    {
        (_beatAt, _beatTime) = (_time.GetTimestamp(), _time.GetUtcNow());
        if (_settings.Polling == PollingMode.Always)
        {
            Poll();
            return;
        }
        Open();
        LookAfter(_settings.RescanInterval);
        _beat.Change(TimeSpan.Zero, _settings.HeartbeatInterval);
        if (_settings.Polling == PollingMode.Auto && SharedFileSystem.Of(_settings.Root) is { } shared)
        {
            _log.Shared(_settings.Root, shared, _settings.PollInterval);
            Deafen();
        }
    }

    /// <summary>Watches what the plan names, and then lets go of what it watched. True: another watcher was opened, and what the one before had not told yet is lost.</summary>
    public bool Watch(WatchPlan next)
    {
        var same = _events.Plan.Directories.SequenceEqual(next.Directories);
        _events.Plan = next;
        if (_settings.Polling == PollingMode.Always || (same && !_events.IsReplaced))
            return false;
        Open();
        return true;
    }

    /// <summary>Asks whether all events have come. False: there is no way to ask, and only a look at the tree can tell.</summary>
    public bool Ask()
    {
        // Events of other systems, which have a watcher for each directory, keep no order among them.
        if (_heartbeat is not { IsOneEvent: true } || IsPolling || !_events.IsComplete || !OperatingSystem.IsLinux())
            return false;
        _question = Question.Queued;
        return _unanswered || Send(_time.GetUtcNow());
    }

    /// <summary>A look has been taken.</summary>
    public void Looked(TimeSpan cost, bool found)
    {
        _pace.Looked(cost, found);
        LookAfter(IsPolling ? _pace.Polling(_settings.PollInterval) : _pace.Rescanning(_settings.RescanInterval));
    }

    /// <summary>A look found a change that no event has told of, though beats are answered.</summary>
    public void Unreported(string path)
    {
        // Once may be the moment in which a watcher died.
        if (IsPolling || _settings.Polling != PollingMode.Auto || ++_unreported < 2)
            return;
        _log.Unreported(path, _settings.PollInterval);
        Deafen();
    }

    /// <summary>Whether a directory has come that the plan could not have watched.</summary>
    public bool IsOutgrown => _events.Plan.Missing.Any(Directory.Exists);

    /// <summary>Makes a beat. Gives why events may have been lost, or null.</summary>
    public string? Beat()
    {
        var (stamp, now) = (_time.GetTimestamp(), _time.GetUtcNow());
        var (ticked, passed) = (_time.GetElapsedTime(_beatAt, stamp), now - _beatTime);
        (_beatAt, _beatTime) = (stamp, now);

        var isRetry = (IsPolling || (_events.HasFailed && !_events.IsLimited)) && _events.Age >= RetryInterval;
        if (isRetry)
            Open();
        if (_unanswered)
        {
            // The deadline of the beat before is still to come.
        }
        else if (!Send(now))
        {
            _post(new WatchSignal.LookDue());
        }

        if (!IsPolling && _events.IsReplaced)
        {
            Open();
            return "a watched directory was replaced";
        }
        if (isRetry && !IsPolling)
            return "something was not watched";
        if ((passed - ticked).Duration() > Jump)
            return "the clock jumped";
        return ticked > _settings.HeartbeatInterval + Jump ? "the watcher was held up" : null;
    }

    public string? Heard(int from)
    {
        if (from != _events.Generation)
            return null;
        _unanswered = false;
        _missed = 0;
        _deadline.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        if (_question is Question.Asked)
            _question = Question.Answered;
        else if (_question is Question.Queued)
            Send(_time.GetUtcNow());
        if (!IsPolling || _events.IsLimited || _deaf)
            return null;
        IsPolling = false;
        LookAfter(_pace.Rescanning(_settings.RescanInterval));
        _log.PollingEnded(_settings.Root);
        return "events are back";
    }

    public string? Missed(int from)
    {
        if (from != _events.Generation || !_unanswered)
            return null;
        _unanswered = false;
        _missed++;
        GiveUpAsking();
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
        if (from != _events.Generation || _events.IsLimited)
            return null;
        var limit = _events.Failed(error);
        if (_events.HasFailed)
            GiveUpAsking(); // a beat is no answer for what is not watched
        if (limit is not null)
        {
            if (IsPolling)
                return null;
            _log.LimitReached(limit.Cause, limit.Remedy, _settings.Polling == PollingMode.Auto ? _settings.PollInterval : _settings.RescanInterval);
            if (_settings.Polling == PollingMode.Auto)
                Poll();
            return limit.Cause;
        }
        if (error is not InternalBufferOverflowException && error.Message != _cannotWatch)
            _log.CannotWatch(_settings.Root, _cannotWatch = error.Message); // at each retry it is the same
        return error is InternalBufferOverflowException ? "too many at once" : error.Message;
    }

    public void Dispose()
    {
        _beat.Dispose();
        _deadline.Dispose();
        _look.Dispose();
        _events.Dispose();
    }

    private void Deafen()
    {
        _deaf = true;
        Poll();
    }

    private void Poll()
    {
        IsPolling = true;
        LookAfter(_pace.Polling(_settings.PollInterval));
    }

    private void LookAfter(TimeSpan interval) => _look.Change(interval > TimeSpan.Zero ? interval : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    private bool Send(DateTimeOffset now)
    {
        if (_heartbeat?.Beat(now) != true)
        {
            GiveUpAsking();
            return false;
        }
        if (_question is Question.Queued)
            _question = Question.Asked;
        _unanswered = true;
        Volatile.Write(ref _beatOf, _events.Generation);
        _deadline.Change(AnswerDeadline, Timeout.InfiniteTimeSpan);
        return true;
    }

    private void GiveUpAsking()
    {
        if (IsAsking)
            _question = Question.Unanswered;
    }

    private void Open()
    {
        _unanswered = false;
        _deadline.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        GiveUpAsking();
        _events.Open();
    }
}
