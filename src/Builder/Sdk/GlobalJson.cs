using System.Text.Json;

namespace WatchReload.Builder.Sdk;

/// <summary>The global.json in force for a directory: the nearest one upwards.</summary>
/// <param name="Version">The SDK version it asks for; null when it asks for none.</param>
/// <param name="Problem">Why it cannot be read; null when it can.</param>
internal sealed record GlobalJson(string Path, string? Version, string? RollForward, string? Problem)
{
    private const string FileName = "global.json";

    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    public static GlobalJson? Find(string directory)
    {
        for (var at = new DirectoryInfo(directory); at is not null; at = at.Parent)
        {
            var path = System.IO.Path.Combine(at.FullName, FileName);
            if (File.Exists(path))
                return Read(path);
        }
        return null;
    }

    private static GlobalJson Read(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path), Lenient);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                return new(path, null, null, "it is not a JSON object");
            return document.RootElement.TryGetProperty("sdk", out var sdk) && sdk.ValueKind == JsonValueKind.Object
                ? new(path, Text(sdk, "version"), Text(sdk, "rollForward"), null)
                : new(path, null, null, null);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            return new(path, null, null, e.Message);
        }
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
