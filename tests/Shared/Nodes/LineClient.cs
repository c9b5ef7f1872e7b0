using System.Net;
using System.Net.Sockets;
using System.Text;

namespace WatchReload.Tests;

/// <summary>A client that speaks lines; every wait has a deadline.</summary>
internal sealed class LineClient : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);
    private readonly TcpClient _tcp = new();
    private StreamReader _reader = null!;

    public static async Task<LineClient> Connect(EndPoint endpoint)
    {
        var client = new LineClient();
        await client._tcp.ConnectAsync((IPEndPoint)endpoint).WaitAsync(Deadline);
        client._tcp.NoDelay = true;
        client._reader = new StreamReader(client._tcp.GetStream(), new UTF8Encoding(false));
        return client;
    }

    public Task Send(string line) => _tcp.GetStream().WriteAsync(Encoding.UTF8.GetBytes(line + "\n")).AsTask().WaitAsync(Deadline);

    /// <summary>The next line; null at the end of the stream.</summary>
    public Task<string?> Read() => _reader.ReadLineAsync().WaitAsync(Deadline);

    public async Task<string?> Ask(string line)
    {
        await Send(line);
        return await Read();
    }

    public void FinishSending() => _tcp.Client.Shutdown(SocketShutdown.Send);

    public ValueTask DisposeAsync()
    {
        _tcp.Dispose();
        return ValueTask.CompletedTask;
    }
}
