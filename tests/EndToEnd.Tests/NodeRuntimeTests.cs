using System.Text.Json;
using WatchReload.EndToEnd.Tests.Support;

namespace WatchReload.EndToEnd.Tests;

public sealed class NodeRuntimeTests
{
    /// <summary>A thread that ends can destroy statics of the version that serves: docs/adr/0029.</summary>
    [Fact]
    public void Threads_of_a_nodes_pool_never_end()
    {
        using var configuration = JsonDocument.Parse(File.ReadAllText(Path.Combine(Path.GetDirectoryName(Product.Actors)!, "WatchReload.Node.runtimeconfig.json")));
        var properties = configuration.RootElement.GetProperty("runtimeOptions").GetProperty("configProperties");
        Assert.Equal(-1, properties.GetProperty("System.Threading.ThreadPool.ThreadTimeoutMs").GetInt32());
    }
}
