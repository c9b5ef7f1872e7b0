using System.Net;
using System.Net.Sockets;

namespace WatchReload.Hosting.Tcp;

/// <summary>Reads what stands in <c>Listen(name, endpoint)</c>.</summary>
internal static class ListenEndpoint
{
    private const string Unix = "unix:";

    public static bool TryParse(string text, out EndPoint endpoint, out string? error)
    {
        endpoint = null!;
        error = null;
        if (text.StartsWith(Unix, StringComparison.Ordinal))
        {
            var path = text[Unix.Length..];
            if (!Path.IsPathRooted(path)) error = $"'{text}' is not an endpoint: a Unix socket needs an absolute path, as in unix:/run/chat.sock";
            else endpoint = new UnixDomainSocketEndPoint(path);
            return error is null;
        }

        var colon = text.LastIndexOf(':');
        var host = colon > 0 ? text[..colon] : "";
        if (host.Length == 0 || !ushort.TryParse(text.AsSpan(colon + 1), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var port))
        {
            error = $"'{text}' is not an endpoint: write address:port, as in 127.0.0.1:7000, [::1]:7000, localhost:7000 or *:7000";
            return false;
        }

        IPAddress? address = host switch
        {
            "*" => IPAddress.IPv6Any,
            "localhost" => IPAddress.Loopback,
            _ => IPAddress.TryParse(host.Trim('[', ']'), out var parsed) ? parsed : null,
        };
        if (address is null)
        {
            error = $"'{host}' is not an address to listen on: write an IP address, localhost, or * for all";
            return false;
        }

        endpoint = new IPEndPoint(address, port);
        return true;
    }
}
