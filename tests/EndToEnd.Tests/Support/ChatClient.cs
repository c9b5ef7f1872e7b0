using System.Net;
using System.Net.Sockets;
using System.Text;

namespace WatchReload.EndToEnd.Tests.Support;

/// <summary>One connection to the chat.</summary>
internal sealed class ChatClient : IDisposable
{
    private readonly TcpClient _tcp = new() { NoDelay = true };
    private StreamReader _reader = null!;

    private ChatClient(string name) => Name = name;

    public string Name { get; }

    /// <summary>Connected, and greeted by that name.</summary>
    public static async Task<ChatClient> Connect(IPEndPoint endpoint, string name)
    {
        var client = new ChatClient(name);
        try
        {
            await Deadline.Within(cancellation => client._tcp.ConnectAsync(endpoint, cancellation).AsTask(), () => $"a connection to {endpoint}");
            client._reader = new StreamReader(client._tcp.GetStream(), new UTF8Encoding(false));
            Assert.Equal($"hello {name}", await client.Ask(name));
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    public Task Send(params string[] lines) => Deadline.Within(
        cancellation => _tcp.GetStream().WriteAsync(Encoding.UTF8.GetBytes(string.Concat(lines.Select(l => l + "\n"))), cancellation).AsTask(),
        () => $"that {Name} could send");

    /// <summary>The next line; null when the connection was closed.</summary>
    public Task<string?> Read() => Deadline.Within(cancellation => _reader.ReadLineAsync(cancellation).AsTask(), () => $"a line to {Name}");

    public async Task<string?> Ask(string line)
    {
        await Send(line);
        return await Read();
    }

    public void Dispose() => _tcp.Dispose();
}
