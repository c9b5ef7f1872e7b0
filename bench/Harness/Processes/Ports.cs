using System.Net;
using System.Net.Sockets;

namespace WatchReload.Bench.Processes;

/// <summary>Ports that nobody listens on, below those that the system gives to outgoing connections.</summary>
internal static class Ports
{
    public static IPEndPoint Fresh()
    {
        while (true)
        {
            var endpoint = new IPEndPoint(IPAddress.Loopback, Random.Shared.Next(20_000, 32_000));
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
