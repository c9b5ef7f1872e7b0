using WatchReload.Builder.Evaluation;

namespace WatchReload.Builder.Tests.Evaluation;

public sealed class TargetFrameworksTests
{
    [Theory(Timeout = 60_000)]
    [InlineData("net8.0;net10.0", "net10.0")]
    [InlineData("net10.0; net11.0", "net10.0")]
    [InlineData("netstandard2.0;net472;net9.0", "net9.0")]
    [InlineData("netstandard2.0;net472;net10.0-windows", null)]
    public async Task Chooses_the_newest_that_the_node_can_run(string frameworks, string? expected)
    {
        await Task.CompletedTask;
        Assert.Equal(expected, TargetFrameworks.Choose(frameworks, new Version(10, 0)));
    }
}
