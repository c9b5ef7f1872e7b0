using System.Net.Sockets;

namespace WatchReload.Control;

/// <summary>Connects to a Unix domain socket also while as many wait for its process as the system lets wait.</summary>
internal static class QueuedConnect
{
    /// <summary>The system does not say when there is room.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <exception cref="SocketException">Nobody listens there, or this user may not connect.</exception>
    /// <exception cref="OperationCanceledException">There was no room until it was cancelled.</exception>
    public static async Task<Socket> To(string path, CancellationToken cancellation)
    {
        while (true)
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
                return socket;
            }
            catch (Exception e)
            {
                socket.Dispose();
                if (e is not SocketException { SocketErrorCode: SocketError.WouldBlock })
                    throw;
            }

            await Task.Delay(Pause, cancellation);
        }
    }
}
