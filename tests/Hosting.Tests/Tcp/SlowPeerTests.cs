using System.Net;
using System.Net.Sockets;

namespace WatchReload.Hosting.Tests.Tcp;

/// <summary>Peers that connect and then send nothing, or half a line, and never read: the others do not notice, nor does a reload or a stop.</summary>
public sealed class SlowPeerTests
{
    private const int Peers = 150;

    [Theory(Timeout = 60_000)]
    [InlineData("")]
    [InlineData("cou")]
    public async Task Others_are_served_reloaded_and_stopped_beside_peers_that_never_finish(string sent)
    {
        var slow = new List<Socket>();
        await using var node = await NodeHarness.Start(new CountingService());
        try
        {
            var endpoint = IPEndPoint.Parse(node.Status.Listeners.Single().Endpoint);
            for (var i = 0; i < Peers; i++)
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                slow.Add(socket);
                await socket.ConnectAsync(endpoint, TestContext.Current.CancellationToken);
                if (sent.Length > 0)
                    await socket.SendAsync(System.Text.Encoding.ASCII.GetBytes(sent));
            }

            await node.Until(status => status.Connections == Peers);
            var good = await node.Connect();
            Assert.Equal("ok", await good.Ask("add"));
            Assert.Equal("v1 1", await good.Ask("count"));

            var report = await node.Reload(new CountingService { Version = "v2" });
            Assert.Equal((Control.ReloadVerdict.Committed, 0, 0), (report.Verdict, report.Late.Count, report.Parked.Count));
            Assert.Equal("v2 1", await good.Ask("count"));
            Assert.Equal(Peers + 1, node.Status.Connections);
            Assert.True(await node.Node.StopInOrder(), "They held up the stop.");
        }
        finally
        {
            foreach (var socket in slow)
                socket.Dispose();
        }
    }
}
