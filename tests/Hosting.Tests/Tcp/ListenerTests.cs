using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using WatchReload.Control;
using WatchReload.Hosting.Tcp;
using WatchReload.Hosting.Tests.Kernel;
using TcpListener = WatchReload.Hosting.Tcp.TcpListener;

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

    [Fact(Timeout = 60_000)]
    public async Task Connections_stay_the_nodes_when_their_listener_is_given_up_because_another_one_cannot_listen()
    {
        using var mine = Bound();
        using var lost = Bound();
        var declared = new ListenerDeclaration("first", mine.LocalEndPoint!.ToString()!) { Framing = static _ => new LineFraming(64) };
        await using var node = new KernelHarness(new PlainVersion(1, new ScriptedConnection()) { Declared = declared });
        await using var table = new ListenerTable(node.Kernel, NullLoggerFactory.Instance, InheritedSockets.None);
        var change = table.Prepare([declared, declared with { Name = "second", Endpoint = lost.LocalEndPoint!.ToString()! }], serving: []);
        Assert.Empty(change.Problems);
        lost.Listen();
        await Assert.ThrowsAsync<SocketException>(change.Listen);
        using var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)mine.LocalEndPoint!, TestContext.Current.CancellationToken);
        await node.Until(() => table.Connections == 1);

        await change.Abandon();

        Assert.Equal((1, 0), (table.Connections, table.Status.Count));
        var drained = table.Drained(TimeSpan.FromMinutes(1));
        Assert.False(drained.IsCompleted);
        await table.StopUndeclared([]);
        Assert.True(await drained);
        Assert.Equal(0, await client.GetStream().ReadAsync(new byte[1], TestContext.Current.CancellationToken));
    }

    /// <summary>To connect to it, to see whether anybody listens, would wait for ever.</summary>
    [Fact(Timeout = 60_000)]
    public async Task A_unix_socket_whose_listener_accepts_nobody_is_in_use()
    {
        var path = Path.Combine(Path.GetTempPath(), $"watchreload-full-{Guid.NewGuid():N}.sock");
        using var hung = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        hung.Bind(new UnixDomainSocketEndPoint(path));
        hung.Listen(1);
        var waiting = new List<Socket>();
        try
        {
            while (WaitsAt(path, waiting))
            {
            }

            await using var node = new KernelHarness();
            await using var table = new ListenerTable(node.Kernel, NullLoggerFactory.Instance, InheritedSockets.None);

            var change = await Task.Run(() => table.Prepare([new ListenerDeclaration("lines", $"unix:{path}") { Framing = static _ => new LineFraming(64) }], serving: []), TestContext.Current.CancellationToken);

            Assert.Contains("in use", Assert.Single(change.Problems), StringComparison.Ordinal);
            Assert.True(File.Exists(path));
        }
        finally
        {
            waiting.ForEach(socket => socket.Dispose());
        }
    }

    /// <summary>False: no more fit.</summary>
    private static bool WaitsAt(string path, List<Socket> waiting)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };
        waiting.Add(socket);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException full) when (full.SocketErrorCode == SocketError.WouldBlock)
        {
            return false;
        }
    }

    /// <summary>Others may bind it as well, and one of them listen.</summary>
    private static Socket Bound()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }
}
