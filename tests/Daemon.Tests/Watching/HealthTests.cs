using WatchReload.Daemon.Watching;
using WatchReload.Tests;

namespace WatchReload.Daemon.Tests.Watching;

/// <summary>Whether events come, under a clock and with events that are the test's.</summary>
public sealed class HealthTests : IDisposable
{
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(1);

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("wr-health-");
    private readonly FakeTime _time = new();
    private readonly ScriptedEvents _events = new();
    private readonly LogLines _log = new();
    private readonly Queue<WatchSignal> _signals = new();
    private readonly List<string> _lost = [];
    private WatcherSettings _settings;
    private WatchHealth? _health;
    private int _looks;

    public HealthTests() => _settings = new WatcherSettings { Root = _root.FullName, State = _root.CreateSubdirectory("state").FullName };

    private string Heartbeat => Path.Combine(_settings.State, "heartbeat");

    public void Dispose()
    {
        _health?.Dispose();
        _root.Delete(recursive: true);
    }

    [Fact(Timeout = 60_000)]
    public async Task Nothing_lost_while_beats_are_answered()
    {
        await Start();
        for (var i = 0; i < 20; i++)
        {
            Answered();
            Advance(_settings.HeartbeatInterval);
        }
        Assert.Single(_events.Openings);
        Assert.Empty(_lost);
        Assert.Empty(_log.Lines);
    }

    [Fact(Timeout = 60_000)]
    public async Task Another_watcher_and_a_rescan_when_a_beat_is_not_answered()
    {
        await Start();
        Advance(Answer);
        Assert.Equal(2, _events.Openings.Count);
        Assert.Equal(["the watcher died"], _lost);

        Answered();
        Advance(_settings.HeartbeatInterval);
        Answered();
        Assert.False(_health!.IsPolling);
        Assert.Single(_lost);
    }

    [Fact(Timeout = 60_000)]
    public async Task Answers_of_the_watcher_before_do_not_count()
    {
        await Start();
        Advance(Answer);
        _events.Openings[0].Touched(Heartbeat);
        Drain();
        Advance(Answer);
        Assert.True(_health!.IsPolling);
    }

    [Fact(Timeout = 60_000)]
    public async Task Polling_when_a_second_beat_is_not_answered()
    {
        await Start();
        Advance(Answer);
        Advance(Answer);
        Assert.True(_health!.IsPolling);
        Assert.Contains(_log.Lines, line => line.Contains("No file system events come from " + _settings.Root));
        Advance(_settings.PollInterval);
        Advance(_settings.PollInterval);
        Assert.Equal(2, _looks);
    }

    [Fact(Timeout = 60_000)]
    public async Task Events_again_when_a_beat_is_answered_while_polling()
    {
        await Start();
        Advance(Answer);
        Advance(Answer);
        Advance(TimeSpan.FromMinutes(2));
        Assert.True(_events.Openings.Count > 2);
        Answered();
        Assert.False(_health!.IsPolling);
        Assert.Equal("events are back", _lost[^1]);
        _looks = 0;
        Advance(_settings.PollInterval);
        Assert.Equal(0, _looks);
    }

    [Fact(Timeout = 60_000)]
    public async Task No_polling_when_it_is_configured_so_but_ever_another_watcher()
    {
        _settings = _settings with { Polling = PollingMode.Never };
        await Start();
        Advance(Answer);
        Advance(Answer);
        Advance(Answer);
        Assert.False(_health!.IsPolling);
        Assert.Equal(4, _events.Openings.Count);
    }

    [Fact(Timeout = 60_000)]
    public async Task Polling_alone_when_it_is_configured_so()
    {
        _settings = _settings with { Polling = PollingMode.Always };
        await Start();
        Advance(_settings.PollInterval);
        Assert.Equal(1, _looks);
        Assert.Empty(_events.Openings);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(28, "sysctl fs.inotify.max_user_watches=")]
    [InlineData(24, "sysctl fs.inotify.max_user_instances=")]
    public async Task Polling_and_the_setting_to_raise_when_a_limit_is_hit(int error, string setting)
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("inotify is Linux's");
        _events.FailsToOpen = _ => new IOException("limit", error);
        await Start();
        Assert.True(_health!.IsPolling);
        _events.Last.Failed(new IOException("limit", error));
        // For the watches that there are the beat may well be answered: still not all of the tree is watched.
        Answered();
        Assert.True(_health!.IsPolling);

        Advance(TimeSpan.FromMinutes(2));
        Assert.Single(_log.Lines, line => line.Contains(setting));

        _events.FailsToOpen = _ => null;
        Advance(TimeSpan.FromMinutes(2));
        Answered();
        Assert.False(_health!.IsPolling);
    }

    [Fact(Timeout = 60_000)]
    public async Task No_polling_when_the_limit_is_that_two_watch_for_a_moment()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "inotify is Linux's");
        _events.FailsToOpen = _ => _events.Openings.Count(opening => !opening.IsClosed) > 1 ? new IOException("limit", 28) : null;
        await Start();
        Advance(Answer);
        Assert.Equal(["the watcher died"], _lost);
        Assert.Single(_events.Openings, opening => !opening.IsClosed);

        Answered();
        Assert.False(_health!.IsPolling);
        Assert.DoesNotContain(_log.Lines, line => line.Contains("sysctl"));
    }

    [Fact(Timeout = 60_000)]
    public async Task Beat_is_no_answer_for_a_directory_that_is_not_watched()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "One instance for all directories is inotify's");
        await Start();
        Answered();
        var elsewhere = _root.CreateSubdirectory("elsewhere").FullName;
        Assert.True(_health!.Watch(WatchPlan.Of(_root.FullName) with { Directories = [new(_root.FullName, true), new(elsewhere, false)] }));
        Assert.True(_health.Ask());
        Answered();
        Assert.True(_health.IsAnswered);

        Assert.True(_health.Ask());
        _events.Last.Failed(new IOException("not to be looked into", 13));
        Answered();
        Assert.False(_health.IsAnswered); // it was asked before that was known
        Assert.False(_health.Ask());

        // It may be open by now.
        for (var openings = _events.Openings.Count; _events.Openings.Count == openings;)
        {
            Advance(_settings.HeartbeatInterval);
            Answered();
        }

        Assert.Equal("something was not watched", _lost[^1]);
        Assert.True(_health.Ask());
    }

    [Fact(Timeout = 60_000)]
    public async Task Polling_for_good_when_changes_come_without_events_though_beats_are_answered()
    {
        await Start();
        Answered();
        _health!.Unreported("/r/a.cs");
        Assert.False(_health.IsPolling);
        _health.Unreported("/r/b.cs");
        Assert.True(_health.IsPolling);
        Assert.Contains(_log.Lines, line => line.StartsWith("/r/b.cs changed without an event", StringComparison.Ordinal));
        Advance(_settings.HeartbeatInterval);
        Answered();
        Assert.True(_health.IsPolling);
    }

    [Fact(Timeout = 60_000)]
    public async Task Another_watcher_and_a_rescan_when_a_watched_directory_is_replaced()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "By statx");
        await Start();
        Answered();
        Directory.Move(_root.FullName, _root.FullName + "-away");
        try
        {
            Advance(_settings.HeartbeatInterval);
            Assert.Single(_events.Openings);
            Directory.CreateDirectory(_settings.State);
            Advance(_settings.HeartbeatInterval);
            Assert.Equal(2, _events.Openings.Count);
            Assert.Equal(["a watched directory was replaced"], _lost);
        }
        finally
        {
            Directory.Delete(_root.FullName + "-away", recursive: true);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Rescan_when_there_were_too_many_events()
    {
        await Start();
        _events.Last.Failed(new InternalBufferOverflowException());
        Drain();
        Assert.Equal(["too many at once"], _lost);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(8)]
    [InlineData(-8)]
    public async Task Rescan_when_the_clock_jumps(int hours)
    {
        await Start();
        Answered();
        _time.Jump(TimeSpan.FromHours(hours));
        Advance(_settings.HeartbeatInterval);
        Assert.Equal(["the clock jumped"], _lost);
    }

    [Fact(Timeout = 60_000)]
    public async Task Look_at_each_beat_when_the_tree_has_nothing_to_beat_with()
    {
        Directory.Delete(_settings.State);
        _settings = _settings with { State = Path.Combine(Path.GetTempPath(), "elsewhere") };
        await Start();
        Advance(_settings.HeartbeatInterval);
        Assert.Equal(2, _looks);
        Assert.Empty(_lost);
    }

    [Fact(Timeout = 60_000)]
    public async Task Beat_in_the_tree_itself_when_the_state_lies_elsewhere()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("By access time on Linux only");
        var state = Directory.CreateTempSubdirectory("wr-state-");
        try
        {
            var heard = new TaskCompletionSource();
            _root.CreateSubdirectory(".git");
            var beat = Daemon.Watching.Heartbeat.In(_root.FullName, state.FullName)!;
            using var events = TreeEvents.Open([new(_root.FullName, true)], happened => _ = happened.Path == beat.Path && heard.TrySetResult(), e => heard.TrySetException(e));
            Assert.True(beat.Beat(TimeProvider.System.GetUtcNow()));
            await heard.Task;
            Assert.Equal([".git", "state"], _root.EnumerateFileSystemInfos().Select(entry => entry.Name).Order());
        }
        finally
        {
            state.Delete();
        }
    }

    private async Task Start()
    {
        await Task.CompletedTask;
        _health = new WatchHealth(_settings, _events.Open, _ => false, _signals.Enqueue, _time, _log);
        _health.Start();
        Advance(TimeSpan.Zero);
    }

    private void Answered()
    {
        _events.Last.Touched(Heartbeat);
        Drain();
    }

    /// <summary>In small steps, as the watcher's loop would see it.</summary>
    private void Advance(TimeSpan by)
    {
        var step = TimeSpan.FromMilliseconds(500);
        do
        {
            var now = by < step ? by : step;
            _time.Advance(now);
            Drain();
            // What the signals made due at once.
            _time.Advance(TimeSpan.Zero);
            Drain();
            by -= now;
        }
        while (by > TimeSpan.Zero);
    }

    private void Drain()
    {
        while (_signals.TryDequeue(out var signal))
        {
            var lost = signal switch
            {
                WatchSignal.BeatDue => _health!.Beat(),
                WatchSignal.BeatHeard heard => _health!.Heard(heard.Generation),
                WatchSignal.BeatMissed missed => _health!.Missed(missed.Generation),
                WatchSignal.Failed failed => _health!.Failed(failed.Generation, failed.Error),
                _ => null,
            };
            if (lost is not null)
                _lost.Add(lost);
            if (signal is not WatchSignal.LookDue)
                continue;
            _looks++;
            _health!.Looked(TimeSpan.Zero, found: false);
        }
    }
}
