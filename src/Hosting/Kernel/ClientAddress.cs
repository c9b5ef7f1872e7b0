using System.Net;
using System.Net.Sockets;

namespace WatchReload.Hosting.Kernel;

/// <summary>What tells clients apart. Whoever has one address of a network that is given to one customer has all of them, and whoever is on this machine has all of its own.</summary>
internal static class ClientAddress
{
    private const string ThisMachine = "this machine";

    /// <summary>IPv6: the network, of 64 bits.</summary>
    private const int NetworkBytes = 8;

    public static string Of(EndPoint remote)
    {
        if (remote is not IPEndPoint { Address: var address } || IPAddress.IsLoopback(address)) return ThisMachine;
        if (address.IsIPv4MappedToIPv6) return Of(new IPEndPoint(address.MapToIPv4(), 0));
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return address.ToString();
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[NetworkBytes..].Clear();
        return $"{new IPAddress(bytes, address.ScopeId)}/{8 * NetworkBytes}";
    }
}
