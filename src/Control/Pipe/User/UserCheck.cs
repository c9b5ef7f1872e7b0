using System.Net.Sockets;
using System.Runtime.Versioning;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Logging;

namespace WatchReload.Control;

/// <summary>Lets one user connect, by the system's word on who the peer is.</summary>
[SupportedOSPlatform("linux")]
internal static class UserCheck
{
    public static Func<ConnectionDelegate, ConnectionDelegate> Before(long user, ILogger log) => next => connection =>
    {
        var peer = PeerOf(connection);
        if (peer == user)
            return next(connection);
        ControlLog.ForeignPeer(log, peer is { } id ? Accounts.UserName(id) : "unknown");
        connection.Abort(new ConnectionAbortedException("The peer is another user."));
        return Task.CompletedTask;
    };

    private static uint? PeerOf(ConnectionContext connection)
    {
        try
        {
            return connection.Features.Get<IConnectionSocketFeature>()?.Socket is { } socket ? PeerCheck.UserOf(socket) : null;
        }
        catch (SocketException)
        {
            return null; // who cannot be told is nobody
        }
    }
}
