using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace WatchReload.Control;

/// <summary>
/// Listening sockets that a service manager opened before the process started (sd_listen_fds(3)): connections queue there while no process runs,
/// and a port below 1024 needs no rights. A listener finds its own by the socket's name, else by its address; the manager's socket stays open, so
/// that one that was let go of can be taken again.
/// </summary>
public sealed partial class InheritedSockets
{
    private const int First = 3;
    private readonly IReadOnlyList<(int Descriptor, string? Name)> _sockets;

    private InheritedSockets(IReadOnlyList<(int, string?)> sockets) => _sockets = sockets;

    public static InheritedSockets None { get; } = new([]);

    public int Count => _sockets.Count;

    /// <summary>Those of this process. What told of them is taken out of the environment.</summary>
    public static InheritedSockets OfThisProcess()
    {
        var sockets = Of(Environment.GetEnvironmentVariable("LISTEN_PID"), Environment.GetEnvironmentVariable("LISTEN_FDS"), Environment.GetEnvironmentVariable("LISTEN_FDNAMES"), First);
        foreach (var variable in (string[])["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"])
            Environment.SetEnvironmentVariable(variable, null);
        return sockets;
    }

    /// <param name="pid">LISTEN_PID: whose they are.</param>
    /// <param name="count">LISTEN_FDS.</param>
    /// <param name="names">LISTEN_FDNAMES, with colons between.</param>
    /// <param name="first">Descriptor of the first.</param>
    public static InheritedSockets Of(string? pid, string? count, string? names, int first)
    {
        if (OperatingSystem.IsWindows() || pid != Environment.ProcessId.ToString(CultureInfo.InvariantCulture) || !int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var n) || n is < 1 or > 1024)
            return None;
        var named = names?.Split(':') ?? [];
        return new([.. Enumerable.Range(0, n).Select(i => (first + i, i < named.Length ? named[i] : null))]);
    }

    /// <summary>A handle of its own on the socket for a listener; null when none is for it.</summary>
    /// <param name="name">Of the listener.</param>
    /// <param name="endpoint">Where it shall listen.</param>
    public Socket? Take(string name, EndPoint endpoint)
    {
        foreach (var (descriptor, _) in _sockets.OrderByDescending(s => s.Name == name))
        {
            if (Open(descriptor) is not { } socket)
                continue;
            if (_sockets.Any(s => s.Descriptor == descriptor && s.Name == name) || Equals(Address(socket), endpoint))
                return socket;
            socket.Dispose();
        }

        return null;
    }

    private static Socket? Open(int descriptor)
    {
        const int invalid = -1;
        if (OperatingSystem.IsWindows() || Duplicate(descriptor) is var copy && copy == invalid)
            return null;
        var handle = new SafeSocketHandle(copy, ownsHandle: true);
        try
        {
            return new Socket(handle);
        }
        catch (SocketException)
        {
            handle.Dispose();
            return null; // a FIFO, or a file
        }
    }

    private static EndPoint? Address(Socket socket)
    {
        try
        {
            return socket.LocalEndPoint;
        }
        catch (SocketException)
        {
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "dup", SetLastError = true)]
    private static partial int Duplicate(int descriptor);
}
