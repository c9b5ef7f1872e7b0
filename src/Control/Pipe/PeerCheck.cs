using System.Globalization;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Logging;

namespace WatchReload.Control;

/// <summary>Lets only this process's own user connect. On Windows the pipe itself does that.</summary>
[UnsupportedOSPlatform("windows")]
internal static class PeerCheck
{
    public static Func<ConnectionDelegate, ConnectionDelegate> Before(ILogger log) => next => connection =>
    {
        var peer = PeerOf(connection);
        if (peer == Posix.UserId)
            return next(connection);
        ControlLog.ForeignPeer(log, peer is { } uid ? string.Create(CultureInfo.InvariantCulture, $"uid {uid}") : "unknown");
        connection.Abort(new ConnectionAbortedException("The peer is another user."));
        return Task.CompletedTask;
    };

    private static uint? PeerOf(ConnectionContext connection) =>
        connection.Features.Get<IConnectionSocketFeature>()?.Socket is { } socket ? UserOf(socket) : null;

    internal static uint? UserOf(Socket socket)
    {
        if (OperatingSystem.IsLinux())
        {
            const int solSocket = 1, soPeerCred = 17; // struct ucred { pid, uid, gid }
            Span<byte> credentials = stackalloc byte[12];
            socket.GetRawSocketOption(solSocket, soPeerCred, credentials);
            return BitConverter.ToUInt32(credentials[4..]);
        }

        if (OperatingSystem.IsMacOS() || OperatingSystem.IsFreeBSD())
        {
            const int solLocal = 0, localPeerCred = 1; // struct xucred { version, uid, ... }
            Span<byte> credentials = stackalloc byte[128];
            socket.GetRawSocketOption(solLocal, localPeerCred, credentials);
            return BitConverter.ToUInt32(credentials[4..]);
        }

        // No known call: the 0700 directory and the socket's own mode keep others out.
        return Posix.UserId;
    }
}
