using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using WatchReload.Hosting.Tcp;
using WatchReload.Hosting.Tests.Kernel;

namespace WatchReload.Hosting.Tests.Tcp;

public sealed class ListenerTests
{
    [Fact(Timeout = 60_000)]
    public async Task A_listener_stops_when_it_has_only_just_begun_to_listen()
    {
        await using var node = new KernelHarness();
        for (var i = 0; i < 50; i++)
        {
            await using var listener = TcpListener.Bind(new ListenerDeclaration("short", "127.0.0.1:0"), node.Kernel, NullLoggerFactory.Instance);
            Assert.NotEqual(0, ((IPEndPoint)listener.Endpoint).Port);
            await listener.Listen();
            await listener.StopAccepting();
            Assert.True(listener.Drained.IsCompletedSuccessfully);
        }
    }
}
