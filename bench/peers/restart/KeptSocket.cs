using System.ComponentModel;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace WatchReload.Bench.Restart;

/// <summary>A listening socket that stays open while children come and go, and that they inherit.</summary>
internal sealed partial class KeptSocket : IDisposable
{
    private const int SetDescriptorFlags = 2;
    private const int Backlog = 512;
    private readonly Socket _socket;

    public KeptSocket(IPEndPoint endpoint)
    {
        _socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        _socket.Bind(endpoint);
        _socket.Listen(Backlog);
        // .NET opens everything close-on-exec; this one is for the child.
        if (fcntl(Descriptor, SetDescriptorFlags, 0) < 0) throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    public int Descriptor => (int)_socket.Handle;

    public void Dispose() => _socket.Dispose();

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fcntl(int descriptor, int command, int flags);
}
