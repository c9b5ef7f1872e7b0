using Microsoft.Extensions.Logging.Abstractions;
using WatchReload.Control;

namespace WatchReload.Hosting.Tests.Upgrading;

public sealed class ArgumentsTests
{
    [Fact(Timeout = 60_000)]
    public async Task Arguments_of_the_node_are_configuration_of_the_service()
    {
        var state = new StateDirectory(Directory.CreateTempSubdirectory("watchreload-arguments-").FullName);
        var service = new CountingService { Configure = "service.Listen(service.Configuration[\"Extra\"]!, \"127.0.0.1:0\").Lines(10).Accept<Conn, ConnState, ConnMessage>(_ => new ConnState(0));" };
        var release = new ReleaseWriter(state).Write(service.Compile());
        var options = new NodeOptions { State = state, Release = release.Manifest.Id, Arguments = ["--Extra=more"] };
        await using (var node = new WatchReloadNode(options, NullLoggerFactory.Instance))
        {
            Assert.Null(await node.Start(TestContext.Current.CancellationToken));
            Assert.Contains(node.Status().Listeners, l => l.Name == "more");
            await node.StopInOrder();
        }

        Directory.Delete(state.Root, recursive: true);
    }
}
