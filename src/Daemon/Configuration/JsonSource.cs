using System.Text.Json;
using System.Text.Unicode;

namespace WatchReload.Daemon.Configuration;

/// <summary>Reads JSON with comments and trailing commas into values that know where they stand.</summary>
internal static class JsonSource
{
    private static readonly JsonReaderOptions _options = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = 32 };

    /// <summary>The value; null when the text is not JSON, which is then among the problems. So are duplicate keys.</summary>
    public static ConfigValue? Parse(ReadOnlyMemory<byte> utf8, string file, List<ConfigurationError> problems)
    {
        if (utf8.Span.StartsWith("\uFEFF"u8))
            utf8 = utf8[3..];
        var lines = new Utf8Lines(utf8, file);
        if (!Utf8.IsValid(utf8.Span))
        {
            problems.Add(lines.At(ValidPrefix(utf8.Span)).Problem("This is not UTF-8.", "Save the file as UTF-8."));
            return null;
        }

        var reader = new Utf8JsonReader(utf8.Span, _options);
        try
        {
            reader.Read();
            var value = ReadValue(ref reader, lines, problems);
            reader.Read(); // nothing may follow; throws when something does
            return value;
        }
        catch (JsonException e)
        {
            var at = lines.At(e.LineNumber ?? 0, e.BytePositionInLine ?? 0);
            problems.Add(at.Problem($"This is not JSON: {Cause(e)}", "Mend it here, or on the line before: a comma, a quote or a bracket is missing or too many."));
            return null;
        }
        catch (InvalidOperationException)
        {
            // How the reader refuses half a surrogate pair, such as \uD800, when the string is taken out.
            problems.Add(lines.At(reader.TokenStartIndex).Problem("This text has half a character: an escape of a surrogate without the other.", "Write the character itself."));
            return null;
        }
    }

    private static ConfigValue ReadValue(ref Utf8JsonReader reader, Utf8Lines lines, List<ConfigurationError> problems)
    {
        var at = lines.At(reader.TokenStartIndex);
        return reader.TokenType switch
        {
            JsonTokenType.StartObject => ReadObject(ref reader, at, lines, problems),
            JsonTokenType.StartArray => ReadList(ref reader, at, lines, problems),
            JsonTokenType.String => new ConfigText(at, reader.GetString()!),
            JsonTokenType.Number => new ConfigNumber(at, System.Text.Encoding.UTF8.GetString(reader.ValueSpan)),
            JsonTokenType.True or JsonTokenType.False => new ConfigBoolean(at, reader.GetBoolean()),
            _ => new ConfigNull(at),
        };
    }

    private static ConfigObject ReadObject(ref Utf8JsonReader reader, Location at, Utf8Lines lines, List<ConfigurationError> problems)
    {
        var members = new Dictionary<string, ConfigMember>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (name, nameAt) = (reader.GetString()!, lines.At(reader.TokenStartIndex));
            reader.Read();
            var member = new ConfigMember(name, nameAt, ReadValue(ref reader, lines, problems));
            if (!members.TryAdd(name, member))
                problems.Add(nameAt.Problem($"{Shown.Text(name)} is given twice, first on line {members[name].At.Line}.", "Keep one."));
        }

        return new ConfigObject(at, [.. members.Values.OrderBy(member => (member.At.Line, member.At.Column))]);
    }

    private static ConfigList ReadList(ref Utf8JsonReader reader, Location at, Utf8Lines lines, List<ConfigurationError> problems)
    {
        var items = new List<ConfigValue>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            items.Add(ReadValue(ref reader, lines, problems));
        return new ConfigList(at, items);
    }

    // The message ends with the position again, counted from 0.
    private static string Cause(JsonException e) => e.Message.Split(" LineNumber:")[0].TrimEnd('.') + ".";

    private static int ValidPrefix(ReadOnlySpan<byte> bytes)
    {
        Span<char> discarded = stackalloc char[256];
        var valid = 0;
        while (true)
        {
            var status = Utf8.ToUtf16(bytes[valid..], discarded, out var read, out _, replaceInvalidSequences: false);
            valid += read;
            if (status != System.Buffers.OperationStatus.DestinationTooSmall)
                return valid;
        }
    }
}
