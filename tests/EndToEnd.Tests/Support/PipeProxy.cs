using System.Collections.Concurrent;
using System.Net.Sockets;

namespace WatchReload.EndToEnd.Tests.Support;

/// <summary>Stands between a node's socket and those who connect to it from now on, and can cut what goes through it.</summary>
internal sealed class PipeProxy : IDisposable
{
    private readonly string _socket;
    private readonly string _aside;
    private readonly Socket _listener = New();
    private readonly ConcurrentBag<Socket> _open = [];

    public PipeProxy(string socket)
    {
        (_socket, _aside) = (socket, socket + ".node");
        File.Move(_socket, _aside);
        _listener.Bind(new UnixDomainSocketEndPoint(_socket));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_socket, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        _listener.Listen();
        _ = Accept();
    }

    /// <summary>Of all connections both ends are closed; new ones go through.</summary>
    public void Cut()
    {
        while (_open.TryTake(out var connection))
            connection.Dispose();
    }

    public void Dispose()
    {
        _listener.Dispose();
        Cut();
        File.Move(_aside, _socket, overwrite: true);
    }

    private static Socket New() => new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    private async Task Accept()
    {
        try
        {
            while (true)
            {
                var (near, far) = (await _listener.AcceptAsync(), New());
                _open.Add(near);
                _open.Add(far);
                await far.ConnectAsync(new UnixDomainSocketEndPoint(_aside));
                _ = Copy(near, far);
                _ = Copy(far, near);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It stands there no longer.
        }
    }

    private static async Task Copy(Socket from, Socket to)
    {
        try
        {
            await using var source = new NetworkStream(from);
            await using var target = new NetworkStream(to);
            await source.CopyToAsync(target);
            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // Cut, or one end is gone.
        }
    }
}
