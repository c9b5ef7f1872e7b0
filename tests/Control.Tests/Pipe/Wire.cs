using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace WatchReload.Control.Tests.Pipe;

/// <summary>Lies between clients and the server, and hears what goes over. Clients find it where they look for the server.</summary>
internal sealed partial class Wire : IAsyncDisposable
{
    private readonly PipeFixture _pipe;
    private readonly bool _forgetsNonces;
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly List<Connection> _connections = [];
    private readonly Task _accepting;

    private Wire(PipeFixture pipe, bool forgetsNonces)
    {
        (_pipe, _forgetsNonces) = (pipe, forgetsNonces);
        var address = Path.Combine(pipe.State.Run, $"wire-{Guid.NewGuid():n}"[..12]);
        _listener.Bind(new UnixDomainSocketEndPoint(address));
        _listener.Listen();
        Address = address;
        _accepting = Accept();
    }

    private string Address { get; }

    /// <summary>Methods and targets, in the order in which connections were made and requests sent on each.</summary>
    public IReadOnlyList<string> Requests => [.. Heard.SelectMany(sent => RequestLine().Matches(sent)).Select(match => match.Groups[1].Value)];

    /// <summary>The nonces of the proofs.</summary>
    public IReadOnlyList<string> Nonces => [.. Heard.SelectMany(sent => Nonce().Matches(sent)).Select(match => match.Groups[1].Value)];

    /// <summary>What was sent on each connection.</summary>
    public IReadOnlyList<string> Heard
    {
        get
        {
            lock (_connections)
                return [.. _connections.Select(connection => connection.Sent)];
        }
    }

    /// <param name="pipe">Whose clients are heard from now on, on new connections.</param>
    /// <param name="forgetsNonces">The server is never asked for nonces in headers: as one that knows nothing of them.</param>
    public static Wire Tap(PipeFixture pipe, bool forgetsNonces = false)
    {
        var wire = new Wire(pipe, forgetsNonces);
        wire.TakePlace();
        return wire;
    }

    /// <summary>After a restart of the server, which wrote where it is: clients are led here once more, when they know that the connections from before have ended.</summary>
    public async Task TakePlaceAgain()
    {
        Connection[] before;
        lock (_connections)
            before = [.. _connections];
        await Task.WhenAll(before.Select(connection => connection.ServerGone));
        TakePlace();
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
        List<Connection> connections;
        lock (_connections)
            connections = [.. _connections];
        foreach (var connection in connections)
            await connection.DisposeAsync();
    }

    private void TakePlace() => RendezvousFile.Write(_pipe.State, "node", RendezvousFile.Read(_pipe.State, "node")! with { Address = Address });

    private async Task Accept()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptAsync();
                var connection = new Connection(client, await _pipe.Connect(), _forgetsNonces);
                lock (_connections)
                    _connections.Add(connection);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is over.
        }
    }

    [GeneratedRegex("(?:^|(?<=[\\n}]))((?:GET|POST) /v1/\\S+) HTTP/1.1")]
    private static partial Regex RequestLine();

    [GeneratedRegex("nonce=([0-9a-f]+),mac")]
    private static partial Regex Nonce();

    private sealed class Connection : IAsyncDisposable
    {
        private readonly Socket _client;
        private readonly Socket _server;
        private readonly bool _forgetsNonces;
        private readonly StringBuilder _sent = new();
        private readonly Task _toServer;

        public Connection(Socket client, Socket server, bool forgetsNonces)
        {
            (_client, _server, _forgetsNonces) = (client, server, forgetsNonces);
            _toServer = Pump(client, server, hear: true);
            ServerGone = Pump(server, client, hear: false);
        }

        /// <summary>The server has closed it, and the client can know.</summary>
        public Task ServerGone { get; }

        public string Sent
        {
            get
            {
                lock (_sent)
                    return _sent.ToString();
            }
        }

        public async ValueTask DisposeAsync()
        {
            _client.Dispose();
            _server.Dispose();
            await Task.WhenAll(_toServer, ServerGone);
        }

        private async Task Pump(Socket from, Socket to, bool hear)
        {
            var buffer = new byte[64 * 1024];
            try
            {
                while (await from.ReceiveAsync(buffer) is > 0 and var read)
                {
                    var bytes = buffer.AsMemory(0, read);
                    if (hear)
                    {
                        lock (_sent)
                            _sent.Append(Encoding.Latin1.GetString(bytes.Span));
                        if (_forgetsNonces)
                            bytes = Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(bytes.Span).Replace($"{PipeRoutes.NonceHeader}:", "X-Unknown-To-Them:", StringComparison.Ordinal));
                    }

                    await to.SendAsync(bytes);
                }

                to.Shutdown(SocketShutdown.Send);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // One of them has closed.
            }
        }
    }
}
