using WatchReload.Builder.Outputs;

namespace WatchReload.Builder.Tests.Outputs;

public sealed class SharedFrameworksTests
{
    [Fact(Timeout = 60_000)]
    public async Task Has_what_the_node_gets_from_its_frameworks_and_nothing_else()
    {
        await Task.CompletedTask;
        var frameworks = new SharedFrameworks();
        Assert.NotNull(frameworks.VersionOf("System.Text.Json"));
        Assert.NotNull(frameworks.VersionOf("Microsoft.Extensions.Logging"));
        Assert.Equal(typeof(object).Assembly.GetName().Version, frameworks.VersionOf("System.Runtime"));
        Assert.Null(frameworks.VersionOf("Serilog"));
    }
}
