using WatchReload.Bench.Statistics;

namespace WatchReload.Bench.Tests.Statistics;

public sealed class SampleTests
{
    [Fact(Timeout = 60_000)]
    public async Task Quartiles_are_interpolated()
    {
        await Task.Yield();
        Assert.Equal(new Sample(4, 2.5, 1.75, 3.25, 1, 4), Sample.Of([4, 1, 3, 2]));
        Assert.Equal(new Sample(1, 7, 7, 7, 7, 7), Sample.Of([7]));
    }

    [Fact(Timeout = 60_000)]
    public async Task Everybody_has_every_place_in_turn()
    {
        await Task.Yield();
        Assert.Equal(["abc", "bca", "cab", "abc"], Enumerable.Range(0, 4).Select(run => string.Concat(Alternation.Turn(["a", "b", "c"], run))));
    }
}
