using System.Security.Cryptography;
using System.Text;

namespace WatchReload.Control;

/// <summary>
/// Where a process listens. Beside the state, where its user finds it; but the system limits a socket's path to about 100 bytes, so
/// a longer one is replaced by one in the system's temporary directory. Nothing here depends on the session's environment: a command
/// in another session, or none, must find the same place.
/// </summary>
internal static class PipeAddress
{
    // 108 with the closing zero on Linux, 104 on macOS.
    private const int LongestPath = 100;

    public static string For(StateDirectory state, string name)
    {
        Validate(name);
        var socket = state.Socket(name);
        if (OperatingSystem.IsWindows())
            return "watchreload-" + Hash(socket);
        return Encoding.UTF8.GetByteCount(socket) <= LongestPath ? socket : $"/tmp/watchreload-{Posix.UserId}/{Hash(socket)}.sock";
    }

    /// <summary>Whether it can be the address of a process: what <see cref="For"/> gives has this form.</summary>
    public static bool IsAddress(string text) => text.Length > 0 && !text.Contains('\0')
        && (OperatingSystem.IsWindows() || (Path.IsPathFullyQualified(text) && Encoding.UTF8.GetByteCount(text) <= LongestPath && Path.GetFileName(text).Length > 0));

    private static string Hash(string path) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)).AsSpan(0, 16));

    private static void Validate(string name)
    {
        if (name.Length is 0 or > 64 || name[0] is '.' or '-' || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
            throw new ArgumentException($"\"{name}\" is not a name to listen under: 1 to 64 letters, digits, '-', '_' and '.', beginning with a letter, digit or '_'.", nameof(name));
    }
}
