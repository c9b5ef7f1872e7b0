using WatchReload.Bench.Load;

namespace WatchReload.Bench.Tests.Load;

public sealed class SamplesTests
{
    [Fact(Timeout = 60_000)]
    public async Task A_reply_belongs_to_every_span_that_it_was_under_way_in()
    {
        await Task.Yield();
        var samples = new Samples();
        samples.Add(due: 100, latency: 10); // 100 to 110
        samples.Add(due: 200, latency: 150); // 200 to 350: over the whole of the second span
        samples.Add(due: 500, latency: 5);

        Assert.Equal(1, samples.Within([new(90, 100)]).Count);
        Assert.Equal(1, samples.Within([new(110, 150)]).Count);
        Assert.Equal(0, samples.Within([new(111, 150)]).Count);
        Assert.Equal(2, samples.Within([new(105, 106), new(250, 260), new(400, 450)]).Count);
        Assert.Equal(3, samples.Within([new(0, 1_000)]).Count);
        Assert.Equal(0, samples.Within([]).Count);
    }

    [Fact(Timeout = 60_000)]
    public async Task Many_are_all_kept_until_they_are_cleared()
    {
        await Task.Yield();
        var samples = new Samples();
        for (var i = 0; i < 200_000; i++) samples.Add(i, 1);

        Assert.Equal(200_000, samples.Within([new(0, 1_000_000)]).Count);
        Assert.Equal(11, samples.Within([new(100_001, 100_010)]).Count); // the one before was still under way
        samples.Clear();
        Assert.Equal(0, samples.Within([new(0, 1_000_000)]).Count);
    }
}
