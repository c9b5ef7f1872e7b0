using System.Text;
using System.Text.Unicode;

namespace WatchReload.Service;

/// <summary>The text of a line, and what may be a name.</summary>
internal static class Line
{
    /// <summary>Null for what is not UTF-8.</summary>
    public static string? Decode(ReadOnlySpan<byte> line) => Utf8.IsValid(line) ? Encoding.UTF8.GetString(line) : null;

    /// <summary>Not empty, no white space, no <c>/</c> in front.</summary>
    public static bool IsName(string text) => text is not ("" or ['/', ..]) && !text.Any(char.IsWhiteSpace);

    /// <summary>What follows <paramref name="command"/>, as it stands; null when nothing does, or it is another command.</summary>
    public static string? Argument(string command, string line)
        => line.Length > command.Length && line.StartsWith(command, StringComparison.Ordinal) ? line[command.Length..] : null;
}
