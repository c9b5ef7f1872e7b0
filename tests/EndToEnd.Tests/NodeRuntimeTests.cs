using System.Text.Json;
using WatchReload.EndToEnd.Tests.Support;

namespace WatchReload.EndToEnd.Tests;

public sealed class NodeRuntimeTests
{
    /// <summary>A thread that ends can destroy statics of the version that serves: docs/adr/0029.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Threads_of_a_nodes_pool_never_end()
    {
        await using var file = File.OpenRead(Path.Combine(Path.GetDirectoryName(Product.Actors)!, "WatchReload.Node.runtimeconfig.json"));
        using var configuration = await JsonDocument.ParseAsync(file, cancellationToken: TestContext.Current.CancellationToken);
        var properties = configuration.RootElement.GetProperty("runtimeOptions").GetProperty("configProperties");
        Assert.Equal(-1, properties.GetProperty("System.Threading.ThreadPool.ThreadTimeoutMs").GetInt32());
    }
}
