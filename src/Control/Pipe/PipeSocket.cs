using System.Net.Sockets;
using System.Runtime.Versioning;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace WatchReload.Control;

/// <summary>Binds the server's socket, in a directory that only we can write to, and with the lock of its name held.</summary>
[UnsupportedOSPlatform("windows")]
internal static class PipeSocket
{
    public const UnixFileMode OwnerAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    public const UnixFileMode OwnerAndGroup = OwnerAlone | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;
    public const UnixFileMode Anybody = OwnerAndGroup | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <param name="web">The server.</param>
    /// <param name="address">Path of the socket.</param>
    /// <param name="mode">Who may connect.</param>
    /// <param name="check">Asks who did.</param>
    /// <param name="log">Of the server.</param>
    public static void Use(IWebHostBuilder web, string address, UnixFileMode mode, Func<ConnectionDelegate, ConnectionDelegate> check, ILogger log) => web
        .ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(address, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            listen.Use(check);
        }))
        .ConfigureServices(services => services.Configure<SocketTransportOptions>(sockets => sockets.CreateBoundListenSocket = _ => Bind(address, mode, log)));

    /// <summary>A socket that is bound and not listening yet; so nobody connects before its mode is set.</summary>
    private static Socket Bind(string address, UnixFileMode mode, ILogger log)
    {
        RemoveStale(address, log);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint(address));
            File.SetUnixFileMode(address, mode);
            return socket;
        }
        catch (SocketException e) when (e.SocketErrorCode != SocketError.AddressAlreadyInUse)
        {
            socket.Dispose();
            throw new StateException($"No socket can be made at {address}: {e.Message}.", "Let this user make one there: look at the directory's modes, and at what SELinux or AppArmor forbids.", e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // With the lock ours, its owner is dead: it held the lock for its life.
    private static void RemoveStale(string address, ILogger log)
    {
        if (!File.Exists(address))
            return;
        if (OperatingSystem.IsLinux() && Posix.Stat(address, followLink: false) is { IsSocket: false })
            throw new StateException($"{address} is in the way of the socket, and is not a socket.", $"Remove it: rm {address}");
        File.Delete(address);
        ControlLog.StaleSocket(log, address);
    }
}
