using System.Net;
using System.Net.Sockets;
using System.Text;

namespace WatchReload.Bench.Tests.Load;

/// <summary>The chat's lines on real sockets, with the faults that a test asks for.</summary>
internal sealed class Server : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<TcpClient> _clients = [];
    private readonly TaskCompletionSource _versionTold = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Server()
    {
        _listener.Start();
        _ = Accept();
    }

    public IPEndPoint Endpoint => (IPEndPoint)_listener.LocalEndpoint;

    public volatile string Version = "1";

    /// <summary>Done when somebody was told the version.</summary>
    public Task VersionTold => _versionTold.Task;

    /// <summary>Given a ping's number: what is answered instead of <c>pong N N</c>; several lines, one, or none.</summary>
    public Func<int, string[]> Answer { get; set; } = number => [$"pong {number} {number}"];

    /// <summary>Before a ping is answered.</summary>
    public Func<Task> Wait { get; set; } = () => Task.CompletedTask;

    /// <summary>Closes all connections that there are.</summary>
    public void Drop()
    {
        lock (_clients)
        {
            _clients.ForEach(c => c.Dispose());
            _clients.Clear();
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        Drop();
    }

    private async Task Accept()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync();
                lock (_clients) _clients.Add(client);
                _ = Serve(client);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task Serve(TcpClient client)
    {
        try
        {
            client.NoDelay = true;
            using var reader = new StreamReader(client.GetStream());
            await Write(client, $"hello {await reader.ReadLineAsync()}");
            while (await reader.ReadLineAsync() is { } line)
            {
                if (line == "/version")
                {
                    await Write(client, $"version {Version}");
                    _versionTold.TrySetResult();
                    continue;
                }

                await Wait();
                foreach (var answer in Answer(int.Parse(line.AsSpan("/ping ".Length), System.Globalization.CultureInfo.InvariantCulture))) await Write(client, answer);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The connection was dropped.
        }
    }

    private static async Task Write(TcpClient client, string line) => await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(line + "\n"));
}
