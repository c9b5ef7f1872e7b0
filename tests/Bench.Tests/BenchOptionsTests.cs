namespace WatchReload.Bench.Tests;

public sealed class BenchOptionsTests
{
    [Fact(Timeout = 60_000)]
    public async Task Whole_run_writes_the_report_and_a_quick_or_single_one_does_not()
    {
        await Task.Yield();
        Assert.True(BenchOptions.Parse([]).Report);
        Assert.False(BenchOptions.Parse(["--quick"]).Report);
        Assert.False(BenchOptions.Parse(["echo"]).Report);
        Assert.True(BenchOptions.Parse(["echo", "--report"]).Report);
    }

    [Fact(Timeout = 60_000)]
    public async Task Options_are_read()
    {
        await Task.Yield();
        var options = BenchOptions.Parse(["echo", "replies", "--json", "--runs", "4", "--sizes", "10,20", "--loads", "busy,few", "--count", "7"]);

        Assert.Equal(["echo", "replies"], options.Cases);
        Assert.Equal([10, 20], options.Sizes);
        Assert.Equal(["busy", "few"], options.Loads);
        Assert.Equal((true, 4, 7), (options.Json, options.Runs, options.Count));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("--rnus")]
    [InlineData("--runs")]
    [InlineData("--runs", "0")]
    [InlineData("--sizes", "1,x")]
    [InlineData("--loads", "busy,lazy")]
    public async Task What_is_wrong_is_named(params string[] arguments)
    {
        await Task.Yield();
        Assert.Contains("is not", Assert.Throws<BenchException>(() => BenchOptions.Parse(arguments)).Message, StringComparison.Ordinal);
    }
}
