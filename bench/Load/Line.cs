using System.Buffers.Text;
using System.Text;

namespace WatchReload.Bench.Load;

/// <summary>The chat's lines as bytes.</summary>
internal static class Line
{
    public static ReadOnlySpan<byte> VersionQuestion => "/version\n"u8;

    public static ReadOnlySpan<byte> Version => "version "u8;

    /// <summary>Writes <c>/ping NUMBER</c>; its length.</summary>
    public static int WritePing(Span<byte> to, long number)
    {
        "/ping "u8.CopyTo(to);
        Utf8Formatter.TryFormat(number, to[6..], out var digits);
        to[6 + digits] = (byte)'\n';
        return 7 + digits;
    }

    /// <summary>Reads <c>pong NUMBER COUNTED</c>.</summary>
    public static bool TryReadPong(ReadOnlySpan<byte> line, out long number, out long counted)
    {
        (number, counted) = (0, 0);
        if (!line.StartsWith("pong "u8)) return false;
        line = line[5..];
        if (!Utf8Parser.TryParse(line, out number, out int used) || used >= line.Length) return false;
        line = line[(used + 1)..];
        return Utf8Parser.TryParse(line, out counted, out used) && used == line.Length;
    }

    public static byte[] Of(string text) => Encoding.UTF8.GetBytes(text + "\n");
}
