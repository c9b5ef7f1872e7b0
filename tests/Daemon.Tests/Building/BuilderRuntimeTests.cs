using System.Text.Json;

namespace WatchReload.Daemon.Tests.Building;

/// <summary>What the runtime of the builder that is shipped with the daemon is told.</summary>
public sealed class BuilderRuntimeTests
{
    [Theory]
    [InlineData("System.GC.Server", "true")]
    [InlineData("System.GC.HeapCount", "2")]
    [InlineData("System.GC.NoAffinitize", "true")]
    [InlineData("System.GC.Gen0MaxBudget", "67108864")]
    [InlineData("System.Threading.ThreadPool.UnfairSemaphoreSpinLimit", "0")]
    public void Is_what_edits_need(string setting, string value)
    {
        using var file = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "builder", "WatchReload.Builder.runtimeconfig.json")));
        Assert.Equal(value, file.RootElement.GetProperty("runtimeOptions").GetProperty("configProperties").GetProperty(setting).GetRawText());
    }
}
