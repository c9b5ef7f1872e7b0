using System.Text.Json;
using System.Text.Json.Nodes;

namespace WatchReload.Tests;

/// <summary>JSON that stays JSON: members left out, or given a value that is not expected there. So mutations get past the reader, to what checks the values.</summary>
internal static class JsonMutation
{
    private static readonly string[] _values =
    [
        "null", "true", "false", "0", "-1", "1", "2147483648", "-9223372036854775809", "1e400", "0.5", "\"\"", "\" \"", "\"x\"", "\"..\"", "\"../..\"", "\"/etc/passwd\"", "\"a/../../b\"", "\"a\\u0000b\"",
        "\"a\\nb\"", "\"\\ufeff\"", "\"C:\\\\x\"", "\"r000001\"", "\"main\"", "[]", "[null]", "[[]]", "[{}]", "[\"..\"]", "{}", "{\"x\":null}", "\"2026-01-01T00:00:00Z\"", "\"9999-99-99\"",
        "\"00000000-0000-0000-0000-000000000000\"", "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"",
    ];

    /// <summary>Null for what is not JSON, or has nothing in it to change.</summary>
    public static byte[]? TryApply(byte[] json, Random random)
    {
        JsonNode? root;
        try
        {
            root = JsonNode.Parse(json, null, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        }
        catch (JsonException)
        {
            return null;
        }

        for (var edits = random.Next(1, 4); edits > 0; edits--)
        {
            var places = new List<JsonNode>();
            Collect(root, places);
            if (places.Count == 0)
                return null;
            Change(places[random.Next(places.Count)], random);
        }

        return JsonSerializer.SerializeToUtf8Bytes(root);
    }

    // Objects and lists that have something in them.
    private static void Collect(JsonNode? node, List<JsonNode> places)
    {
        if (node is JsonObject { Count: > 0 } members)
        {
            places.Add(members);
            foreach (var (_, value) in members)
                Collect(value, places);
        }
        else if (node is JsonArray { Count: > 0 } items)
        {
            places.Add(items);
            foreach (var item in items)
                Collect(item, places);
        }
    }

    private static void Change(JsonNode place, Random random)
    {
        var value = JsonNode.Parse(_values[random.Next(_values.Length)]);
        if (place is JsonObject members)
        {
            var name = members.ElementAt(random.Next(members.Count)).Key;
            switch (random.Next(6))
            {
                case 0:
                    members.Remove(name);
                    break;
                case 1:
                    members[name + "x"] = value;
                    break;
                default:
                    members[name] = value;
                    break;
            }
        }
        else if (place is JsonArray items)
        {
            var at = random.Next(items.Count);
            switch (random.Next(4))
            {
                case 0:
                    items.RemoveAt(at);
                    break;
                case 1:
                    items.Add(items[at]?.DeepClone());
                    break;
                default:
                    items[at] = value;
                    break;
            }
        }
    }
}
