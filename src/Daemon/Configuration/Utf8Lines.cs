using System.Text;

namespace WatchReload.Daemon.Configuration;

/// <summary>Turns byte offsets of a UTF-8 text into lines and columns as editors count them: from 1, columns in UTF-16 units.</summary>
internal sealed class Utf8Lines
{
    private readonly ReadOnlyMemory<byte> _text;
    private readonly string _file;
    private readonly List<int> _starts = [0];

    public Utf8Lines(ReadOnlyMemory<byte> text, string file)
    {
        (_text, _file) = (text, file);
        var bytes = text.Span;
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] == '\n' || (bytes[i] == '\r' && (i + 1 == bytes.Length || bytes[i + 1] != '\n')))
                _starts.Add(i + 1);
        }
    }

    public Location At(long offset)
    {
        var end = (int)Math.Clamp(offset, 0, _text.Length);
        var found = _starts.BinarySearch(end);
        var line = found >= 0 ? found : ~found - 1;
        return new Location(_file, line + 1, Encoding.UTF8.GetCharCount(_text.Span[_starts[line]..end]) + 1);
    }

    /// <summary>A position as <see cref="System.Text.Json.JsonException"/> gives it: it counts \n only, from 0, and bytes.</summary>
    public Location At(long newlines, long bytesInLine)
    {
        var bytes = _text.Span;
        var offset = 0;
        for (; newlines > 0; newlines--)
            offset += bytes[offset..].IndexOf((byte)'\n') + 1;
        return At(offset + bytesInLine);
    }
}
