using WatchReload.Daemon.Configuration;
using WatchReload.Daemon.Supervision;

namespace WatchReload.Daemon.Tests.Supervision;

public sealed class NodeCommandTests : IDisposable
{
    private const string PoolSpins = "DOTNET_ThreadPool_UnfairSemaphoreSpinLimit";
    private const string QuickFirst = "DOTNET_TC_QuickJit";
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void Node_is_told_to_be_quiet_and_where_its_log_is(bool quiet, bool log)
    {
        var launch = new NodeLaunch(_scratch.State, _scratch.Write("Node.dll", "node")) { Quiet = quiet, KeepsLog = log };

        var arguments = NodeCommand.Of(launch, NodeSettings.Default, null).ArgumentList;

        Assert.Equal(quiet, arguments.Contains("--quiet"));
        Assert.Equal(log, arguments.Contains(Path.Combine(_scratch.State.Logs, "node-main-.log")));
    }

    [Theory]
    [InlineData(PoolSpins, true, null)]
    [InlineData(PoolSpins, true, "46")]
    [InlineData(PoolSpins, false, null)]
    [InlineData(QuickFirst, true, null)]
    [InlineData(QuickFirst, true, "1")]
    [InlineData(QuickFirst, false, null)]
    public void Node_that_takes_deltas_leaves_the_processors_to_who_builds_unless_it_is_told_otherwise(string variable, bool deltas, string? told)
    {
        var expected = told ?? Environment.GetEnvironmentVariable(variable) ?? (deltas ? "0" : null);
        var launch = new NodeLaunch(_scratch.State, _scratch.Write("Node.dll", "node")) { Deltas = deltas };
        var node = NodeSettings.Default with { Environment = told is null ? [] : new Dictionary<string, string> { [variable] = told } };

        var environment = NodeCommand.Of(launch, node, null).Environment;

        Assert.Equal(expected, environment.TryGetValue(variable, out var set) ? set : null);
    }
}
