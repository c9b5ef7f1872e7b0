using System.Net;
using System.Net.Sockets;

namespace WatchReload.EndToEnd.Tests.Support;

/// <summary>Ports that nobody listens on. Below those that systems give to outgoing connections, so that none of these takes one meanwhile.</summary>
internal static class Ports
{
    private const int First = 20_000;
    private const int Last = 32_000;

    public static IPEndPoint Fresh()
    {
        while (true)
        {
            var endpoint = new IPEndPoint(IPAddress.Loopback, Random.Shared.Next(First, Last));
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(endpoint);
                return endpoint;
            }
            catch (SocketException)
            {
                // In use: another one.
            }
        }
    }
}
