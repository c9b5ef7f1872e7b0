using WatchReload.Daemon.Configuration;
using WatchReload.Daemon.Supervision;

namespace WatchReload.Daemon.Tests.Supervision;

public sealed class NodeCommandTests : IDisposable
{
    private const string PoolSpins = "DOTNET_ThreadPool_UnfairSemaphoreSpinLimit";
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData(true, null)]
    [InlineData(true, "46")]
    [InlineData(false, null)]
    public void Threads_of_a_node_that_takes_deltas_leave_the_processors_to_who_builds_unless_it_is_told_otherwise(bool deltas, string? told)
    {
        var spins = told ?? Environment.GetEnvironmentVariable(PoolSpins) ?? (deltas ? "0" : null);
        var launch = new NodeLaunch(_scratch.State, _scratch.Write("Node.dll", "node")) { Deltas = deltas };
        var node = NodeSettings.Default with { Environment = told is null ? [] : new Dictionary<string, string> { [PoolSpins] = told } };

        var environment = NodeCommand.Of(launch, node, null).Environment;

        Assert.Equal(spins, environment.TryGetValue(PoolSpins, out var set) ? set : null);
    }
}
