using System.Net.Sockets;
using System.Text;

namespace WatchReload.EndToEnd.Tests.Support;

/// <summary>A service manager's end of systemd's notify protocol.</summary>
internal sealed class NotifySocket : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("wr-").FullName;
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly List<string> _all = [];

    public NotifySocket() => _socket.Bind(new UnixDomainSocketEndPoint(Path));

    public string Path => System.IO.Path.Combine(_directory, "notify");

    /// <summary>All that has come, a datagram each.</summary>
    public IReadOnlyList<string> All => _all;

    /// <summary>Waits for a datagram that has this line.</summary>
    public Task Until(string line) => Deadline.Within(
        async cancellation =>
        {
            var buffer = new byte[4096];
            do
                _all.Add(Encoding.UTF8.GetString(buffer, 0, await _socket.ReceiveAsync(buffer, cancellation)));
            while (!_all[^1].Split('\n').Contains(line));
        },
        () => $"{line} for the service manager, who was told: {string.Join(" | ", _all)}");

    public void Dispose()
    {
        _socket.Dispose();
        Directory.Delete(_directory, recursive: true);
    }
}
