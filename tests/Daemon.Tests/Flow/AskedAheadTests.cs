using WatchReload.Daemon.Flow;
using WatchReload.Tests;

namespace WatchReload.Daemon.Tests.Flow;

public sealed class AskedAheadTests
{
    private readonly FakeTime _time = new();
    private readonly AskedAhead<string> _asked;

    public AskedAheadTests() => _asked = new AskedAhead<string>(_time);

    [Fact(Timeout = 60_000)]
    public async Task Answer_is_taken_once()
    {
        await _asked.Ask(() => Task.FromResult("one"));
        Assert.True(_asked.TryTake(out var answer));
        Assert.Equal("one", answer);
        Assert.False(_asked.TryTake(out _));
    }

    [Fact(Timeout = 60_000)]
    public async Task Answer_counts_for_a_moment()
    {
        await _asked.Ask(() => Task.FromResult("one"));
        _time.Advance(AskedAhead<string>.Moment);
        Assert.False(_asked.TryTake(out _));
    }

    [Fact(Timeout = 60_000)]
    public async Task Answer_that_is_forgotten_is_not_there()
    {
        await _asked.Ask(() => Task.FromResult("one"));
        _asked.Forget();
        Assert.False(_asked.TryTake(out _));
    }

    [Fact(Timeout = 60_000)]
    public async Task Answer_that_has_not_come_is_not_waited_for()
    {
        var one = new TaskCompletionSource<string>();
        var first = _asked.Ask(() => one.Task);
        Assert.False(_asked.TryTake(out _));
        one.SetResult("one");
        await first;
        Assert.False(_asked.TryTake(out _)); // who was not there has asked himself
    }

    [Fact(Timeout = 60_000)]
    public async Task Question_that_failed_has_no_answer()
    {
        await Assert.ThrowsAsync<IOException>(() => _asked.Ask(() => throw new IOException("broken")));
        Assert.False(_asked.TryTake(out _));
    }
}
