using System.Net.Sockets;
using System.Runtime.Versioning;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Logging;

namespace WatchReload.Control;

/// <summary>Lets connect who is in the group, this process's own user, and root; what comes after finds the <see cref="Peer"/> among the features.</summary>
/// <remarks>Modes of directory and socket keep others out already. This holds where somebody has changed those, or handed over an open socket.</remarks>
[SupportedOSPlatform("linux")]
internal sealed class GroupCheck(uint group, string name, ILogger log)
{
    public ConnectionDelegate Before(ConnectionDelegate next) => connection =>
    {
        if (connection.Features.Get<IConnectionSocketFeature>()?.Socket is not { } socket || Read(socket) is not { } peer)
            return Refuse(connection, "unknown");
        var who = Accounts.UserName(peer.UserId);
        if (peer.UserId != 0 && peer.UserId != Posix.UserId && !peer.Groups.Contains(group))
            return Refuse(connection, who);
        connection.Features.Set(new Peer(peer.UserId, who));
        return next(connection);
    };

    private static PeerCredentials? Read(Socket socket)
    {
        try
        {
            return PeerCredentials.Of(socket);
        }
        catch (SocketException)
        {
            return null; // who cannot be told is nobody
        }
    }

    private Task Refuse(ConnectionContext connection, string who)
    {
        ControlLog.NotOfTheGroup(log, who, name);
        connection.Abort(new ConnectionAbortedException("The peer is not of the group."));
        return Task.CompletedTask;
    }
}
