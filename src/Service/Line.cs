using System.Text;
using System.Text.Unicode;

namespace WatchReload.Service;

/// <summary>The text of a line, and what may be a name.</summary>
internal static class Line
{
    /// <summary>What the decoder puts in place of what is not UTF-8.</summary>
    private const char Replacement = '\uFFFD';

    /// <summary>Null for what is not UTF-8.</summary>
    public static string? Decode(ReadOnlySpan<byte> line)
    {
        var text = Encoding.UTF8.GetString(line);
        return text.Contains(Replacement) && !Utf8.IsValid(line) ? null : text;
    }

    /// <summary>Not empty, no white space, no <c>/</c> in front.</summary>
    public static bool IsName(string text) => text is not ("" or ['/', ..]) && !text.Any(char.IsWhiteSpace);

    /// <summary>What follows <paramref name="command"/>, as it stands; empty when nothing does, or it is another command.</summary>
    public static ReadOnlySpan<char> Argument(string command, string line)
        => line.StartsWith(command, StringComparison.Ordinal) ? line.AsSpan(command.Length) : default;
}
