using System.Net.Sockets;

namespace WatchReload.Hosting.Tcp;

/// <summary>A Unix socket's file outlives its process; one that nobody listens on is removed before bind.</summary>
internal static class StaleSocket
{
    public static void Remove(UnixDomainSocketEndPoint endpoint)
    {
        var path = endpoint.ToString();
        if (path is null || !File.Exists(path)) return;
        // To connect waits, for ever, for one that listens and does not accept.
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };
        try
        {
            probe.Connect(endpoint);
        }
        catch (SocketException refused) when (refused.SocketErrorCode == SocketError.ConnectionRefused)
        {
            File.Delete(path);
        }
        catch (SocketException full) when (full.SocketErrorCode == SocketError.WouldBlock)
        {
            // Somebody listens there, which bind tells.
        }
    }
}
