using WatchReload.Daemon.Watching;
using WatchReload.Tests;

namespace WatchReload.Daemon.Tests.Watching;

public sealed class LookPaceTests
{
    private static readonly TimeSpan Configured = TimeSpan.FromMilliseconds(500);

    private readonly FakeTime _time = new();

    [Fact(Timeout = 60_000)]
    public async Task As_configured_when_a_look_costs_little()
    {
        await Task.CompletedTask;
        var pace = new LookPace(_time);
        pace.Looked(TimeSpan.FromMilliseconds(1), found: false);
        Assert.Equal(Configured, pace.Polling(Configured));
        Assert.Equal(TimeSpan.FromMinutes(1), pace.Rescanning(TimeSpan.FromMinutes(1)));
    }

    [Fact(Timeout = 60_000)]
    public async Task Less_often_when_a_look_costs_much_and_less_still_when_nothing_happens()
    {
        await Task.CompletedTask;
        var pace = new LookPace(_time);
        pace.Looked(TimeSpan.FromMilliseconds(50), found: true);
        Assert.Equal(TimeSpan.FromSeconds(1.5), pace.Polling(Configured));
        Assert.Equal(TimeSpan.FromSeconds(30), pace.Rescanning(TimeSpan.FromSeconds(10)));

        _time.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal(TimeSpan.FromSeconds(10), pace.Polling(Configured));
        pace.Looked(TimeSpan.FromMilliseconds(50), found: true);
        Assert.Equal(TimeSpan.FromSeconds(1.5), pace.Polling(Configured));
    }

    [Fact(Timeout = 60_000)]
    public async Task Never_when_it_is_configured_so()
    {
        await Task.CompletedTask;
        var pace = new LookPace(_time);
        pace.Looked(TimeSpan.FromSeconds(1), found: false);
        Assert.Equal(TimeSpan.Zero, pace.Rescanning(TimeSpan.Zero));
    }
}
