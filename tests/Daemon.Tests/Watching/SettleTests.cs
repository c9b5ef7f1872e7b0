using WatchReload.Daemon.Watching;
using WatchReload.Tests;

namespace WatchReload.Daemon.Tests.Watching;

public sealed class SettleTests
{
    private static readonly SettleStep Ready = new(SettleState.Ready, TimeSpan.Zero);
    private static readonly SettleStep Idle = new(SettleState.Idle, TimeSpan.Zero);

    private readonly FakeTime _time = new();
    private readonly Settle _settle;
    private string? _busy;

    public SettleTests() => _settle = new Settle(
        new WatcherSettings { Root = "/r", State = "/s", Quiet = Milliseconds(8), BurstQuiet = Milliseconds(80), BurstFiles = 4, LongestSettle = TimeSpan.FromSeconds(5) },
        () => _busy,
        _time);

    [Fact(Timeout = 60_000)]
    public async Task Idle_when_nothing_is_pending()
    {
        await Task.CompletedTask;
        Assert.Equal(Idle, _settle.Next());
    }

    [Fact(Timeout = 60_000)]
    public async Task Ready_after_the_short_quiet_time_when_one_file_was_touched()
    {
        await Task.CompletedTask;
        _settle.Hint("/r/a");
        Assert.Equal(Wait(8), _settle.Next());
        _time.Advance(Milliseconds(7));
        Assert.Equal(Wait(1), _settle.Next());
        _time.Advance(Milliseconds(1));
        Assert.Equal(Ready, _settle.Next());
        Assert.Equal(["/r/a"], _settle.Pending);
    }

    [Fact(Timeout = 60_000)]
    public async Task Quiet_time_begins_anew_with_each_hint()
    {
        await Task.CompletedTask;
        _settle.Hint("/r/a");
        _time.Advance(Milliseconds(7));
        _settle.Hint("/r/a");
        _time.Advance(Milliseconds(7));
        Assert.Equal(Wait(1), _settle.Next());
    }

    [Fact(Timeout = 60_000)]
    public async Task Waits_longer_while_somebody_has_a_file_open_that_he_writes()
    {
        await Task.CompletedTask;
        _settle.Hint("/r/a", isOpen: true);
        Assert.Equal((Wait(80), false), (_settle.Next(), _settle.IsSave));
        _time.Advance(Milliseconds(79));
        _settle.Hint("/r/a.cs");
        Assert.Equal((Wait(80), false), (_settle.Next(), _settle.IsSave));
        _settle.Hint("/r/a");
        Assert.Equal((Wait(80), false), (_settle.Next(), _settle.IsSave)); // somebody has looked, and does not know
        _settle.Hint("/r/a", isOpen: false);
        Assert.Equal((Wait(8), true), (_settle.Next(), _settle.IsSave));

        _settle.Hint("/r/a.cs", isOpen: true);
        _settle.Clear();
        _settle.Hint("/r/b.cs");
        Assert.Equal((Wait(8), true), (_settle.Next(), _settle.IsSave));
    }

    [Fact(Timeout = 60_000)]
    public async Task Waits_longer_when_many_files_are_pending()
    {
        await Task.CompletedTask;
        for (var i = 0; i < 5; i++)
            _settle.Hint($"/r/{i}");
        Assert.Equal(Wait(80), _settle.Next());
    }

    [Fact(Timeout = 60_000)]
    public async Task Waits_longer_when_events_were_lost()
    {
        await Task.CompletedTask;
        _settle.Lose("overflow");
        _settle.Lose("later");
        Assert.Equal(Wait(80), _settle.Next());
        Assert.Equal("overflow", _settle.Lost);
    }

    [Fact(Timeout = 60_000)]
    public async Task Ready_after_the_longest_time_when_the_tree_is_never_quiet()
    {
        await Task.CompletedTask;
        var steps = 0;
        for (; _settle.Next().State != SettleState.Ready && steps < 2000; steps++)
        {
            _settle.Hint("/r/log");
            _time.Advance(Milliseconds(5));
        }
        Assert.Equal(1000, steps);
    }

    [Fact(Timeout = 60_000)]
    public async Task Longest_time_counts_from_when_somebody_waits()
    {
        await Task.CompletedTask;
        _settle.Hint("/r/early");
        _time.Advance(TimeSpan.FromSeconds(30));
        _settle.Hint("/r/late");
        _settle.Attend();
        Assert.Equal(Wait(8), _settle.Next());
    }

    [Fact(Timeout = 60_000)]
    public async Task Held_without_limit_while_git_is_busy()
    {
        await Task.CompletedTask;
        _settle.Hint("/r/a");
        _busy = "a rebase";
        _time.Advance(Milliseconds(8));
        for (var i = 0; i < 1000; i++)
        {
            var step = _settle.Next();
            Assert.Equal(SettleState.Wait, step.State);
            Assert.InRange(step.Delay, Milliseconds(10), Milliseconds(200));
            _time.Advance(step.Delay);
        }
        Assert.Equal("a rebase", _settle.Held?.By);
        Assert.True(_settle.Held?.Since > TimeSpan.FromMinutes(1));
    }

    [Fact(Timeout = 60_000)]
    public async Task Quiet_time_begins_anew_when_git_is_done()
    {
        await Task.CompletedTask;
        _settle.Hint("/r/a");
        _busy = "index.lock";
        _time.Advance(Milliseconds(8));
        _time.Advance(_settle.Next().Delay);
        _busy = null;
        Assert.Equal(Wait(8), _settle.Next());
        Assert.Null(_settle.Held);
        Assert.True(_settle.MayLag);
        _settle.CatchUp();
        Assert.False(_settle.MayLag);
        _settle.Hint("/r/b");
        _time.Advance(Milliseconds(8));
        Assert.Equal(Ready, _settle.Next());
        Assert.Equal(2, _settle.Pending.Count);
    }

    [Fact(Timeout = 60_000)]
    public async Task Held_again_when_git_begins_the_next_step()
    {
        await Task.CompletedTask;
        _settle.Hint("/r/a");
        _busy = "index.lock";
        _time.Advance(Milliseconds(8));
        _settle.Next();
        _busy = null;
        Assert.Equal(Wait(8), _settle.Next());
        _busy = "index.lock";
        _time.Advance(Milliseconds(8));
        Assert.Equal(SettleState.Wait, _settle.Next().State);
        Assert.Equal("index.lock", _settle.Held?.By);
    }

    [Fact(Timeout = 60_000)]
    public async Task Doubt_grants_the_long_quiet_time_once()
    {
        await Task.CompletedTask;
        _settle.Hint("/r/a");
        _time.Advance(Milliseconds(8));
        Assert.Equal(Ready, _settle.Next());
        Assert.True(_settle.Doubt());
        Assert.Equal(Wait(80), _settle.Next());
        _time.Advance(Milliseconds(80));
        Assert.Equal(Ready, _settle.Next());
        Assert.False(_settle.Doubt());
    }

    [Fact(Timeout = 60_000)]
    public async Task Begins_from_nothing_when_cleared()
    {
        await Task.CompletedTask;
        _settle.Hint("/r/a");
        _settle.Lose("overflow");
        _time.Advance(Milliseconds(80));
        _settle.Doubt();
        _settle.Clear();
        Assert.Equal(Idle, _settle.Next());
        _settle.Hint("/r/b");
        Assert.Equal(Wait(8), _settle.Next());
        Assert.Equal(["/r/b"], _settle.Pending);
    }

    private static TimeSpan Milliseconds(int count) => TimeSpan.FromMilliseconds(count);

    private static SettleStep Wait(int milliseconds) => new(SettleState.Wait, Milliseconds(milliseconds));
}
