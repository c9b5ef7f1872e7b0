using WatchReload.Bench.Load;

namespace WatchReload.Bench.Tests.Load;

public sealed class HistogramTests
{
    [Fact(Timeout = 60_000)]
    public async Task Small_values_are_exact()
    {
        await Task.Yield();
        var histogram = Of(Enumerable.Range(0, 256).Select(i => (long)i));

        Assert.Equal(256, histogram.Count);
        Assert.Equal(0, histogram.Min);
        Assert.Equal(255, histogram.Max);
        Assert.Equal(127, histogram.Quantile(0.5));
        Assert.Equal(253, histogram.Quantile(0.99));
        Assert.Equal(255, histogram.Quantile(1));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(256)]
    [InlineData(1_000)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(1_234_567)]
    [InlineData(9_876_543_210)]
    [InlineData((1L << 40) - 1)]
    public async Task Quantile_is_at_most_one_in_128_above_the_value(long value)
    {
        await Task.Yield();
        // A greater one beside it, so that the exact maximum does not hide the bucket's width.
        var quantile = Of([value, (1L << 40) - 1]).Quantile(0.5);

        Assert.InRange(quantile, value, value + (value / 128));
    }

    [Fact(Timeout = 60_000)]
    public async Task Quantiles_agree_with_the_sorted_values_when_they_spread_over_many_orders()
    {
        await Task.Yield();
        var random = new Random(1);
        var values = Enumerable.Range(0, 20_000).Select(_ => (long)Math.Exp(random.NextDouble() * 24)).ToArray();
        var histogram = Of(values);
        var sorted = values.Order().ToArray();

        foreach (var share in (double[])[0.01, 0.5, 0.9, 0.99, 0.999])
        {
            var exact = sorted[(int)Math.Ceiling(share * sorted.Length) - 1];
            Assert.InRange(histogram.Quantile(share), exact, exact + (exact / 128));
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Longer_than_its_range_counts_as_its_end()
    {
        await Task.Yield();
        var histogram = Of([long.MaxValue, -5]);

        Assert.Equal((1L << 40) - 1, histogram.Max);
        Assert.Equal(0, histogram.Min);
    }

    [Fact(Timeout = 60_000)]
    public async Task Nothing_gives_zeros()
    {
        await Task.Yield();
        Assert.Equal((0L, 0L, 0L), (new Histogram().Quantile(0.5), new Histogram().Min, new Histogram().Max));
    }

    private static Histogram Of(IEnumerable<long> values)
    {
        var histogram = new Histogram();
        foreach (var value in values) histogram.Record(value);
        return histogram;
    }
}
