using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace WatchReload.Control;

/// <summary>The user and groups of the process at the other end of a socket, when it connected; of the one that listens, when it began to.</summary>
[SupportedOSPlatform("linux")]
internal sealed record PeerCredentials(uint UserId, IReadOnlyList<uint> Groups)
{
    private const int SolSocket = 1;
    private const int SoPeerCred = 17;
    private const int SoPeerGroups = 59;
    private const int MostGroups = 65536; // NGROUPS_MAX

    public static PeerCredentials Of(Socket socket)
    {
        Span<byte> credentials = stackalloc byte[12]; // struct ucred { pid, uid, gid }
        socket.GetRawSocketOption(SolSocket, SoPeerCred, credentials);
        return new PeerCredentials(BitConverter.ToUInt32(credentials[4..]), [BitConverter.ToUInt32(credentials[8..]), .. Supplementary(socket)]);
    }

    private static uint[] Supplementary(Socket socket)
    {
        try
        {
            return Read(socket, 64);
        }
        catch (SocketException)
        {
            return Read(socket, MostGroups); // it says that there are more, not how many
        }
    }

    private static uint[] Read(Socket socket, int most)
    {
        var groups = new uint[most];
        var length = socket.GetRawSocketOption(SolSocket, SoPeerGroups, MemoryMarshal.AsBytes(groups.AsSpan()));
        return groups[..(length / sizeof(uint))];
    }
}
