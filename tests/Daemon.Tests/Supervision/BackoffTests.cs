using WatchReload.Daemon.Supervision;

namespace WatchReload.Daemon.Tests.Supervision;

public sealed class BackoffTests
{
    [Fact(Timeout = 60_000)]
    public async Task Waits_twice_as_long_each_time_up_to_a_limit()
    {
        var backoff = new Backoff(new ManualTime());

        var waits = Enumerable.Range(0, 10).Select(_ => backoff.Died()).ToArray();

        Assert.Equal([200, 400, 800], waits.Take(3).Select(w => w.TotalMilliseconds));
        Assert.Equal(Backoff.Longest, waits[^1]);
        await Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public async Task Begins_anew_when_it_has_lived()
    {
        var time = new ManualTime();
        var backoff = new Backoff(time);
        backoff.Died();
        backoff.Died();
        backoff.Started();
        time.Advance(Backoff.Lived);

        Assert.Equal(Backoff.First, backoff.Died());
        await Task.CompletedTask;
    }
}
