using System.Text.Json;

namespace WatchReload.EndToEnd.Tests.Support;

/// <summary>One line of standard output under <c>--json</c>.</summary>
/// <param name="Name">Its <c>event</c>; empty for an answer that is no event.</param>
internal sealed record CommandEvent(string Name, JsonElement Json)
{
    /// <exception cref="JsonException">The line is no JSON object: then something else got on standard output.</exception>
    public static CommandEvent Parse(string line)
    {
        using var document = JsonDocument.Parse(line);
        var json = document.RootElement.Clone();
        return new(json.TryGetProperty("event", out var name) ? name.GetString()! : "", json);
    }

    public JsonElement this[string field] => Json.TryGetProperty(field, out var value) ? value : throw new KeyNotFoundException($"No \"{field}\" in {this}");

    public int Version => this["version"].GetInt32();

    public string? Text(string field) => Json.TryGetProperty(field, out var value) ? value.GetString() : null;

    public int Number(string field) => this[field].GetInt32();

    public IReadOnlyList<string> Texts(string field) => [.. this[field].EnumerateArray().Select(e => e.GetString()!)];

    public IReadOnlyList<JsonElement> Items(string field) => [.. this[field].EnumerateArray()];

    public override string ToString() => Json.GetRawText();
}
