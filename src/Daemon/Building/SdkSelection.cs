using System.Security.Cryptography;
using System.Text.Json;
using WatchReload.Control;

namespace WatchReload.Daemon.Building;

/// <summary>What decides which SDK a directory gets: the global.json in force, by content, and the SDKs installed. Equal means that a loaded SDK is still the right one.</summary>
/// <remarks>The tree may be one that nobody has agreed to. What is no file there, or is too large to be a global.json, counts as the same whatever is in it: the SDK says what is wrong.</remarks>
internal static class SdkSelection
{
    private const long LargestGlobalJson = 1 << 20;

    public static string For(string directory) => $"{GlobalJson(directory)} [{string.Join(' ', Installed())}]";

    /// <summary>Why that directory gets no SDK, and what to do, in the words of the builder's WRB002. The global.json cannot be read, or is not to blame: as if there were none.</summary>
    public static (string Cause, string Remedy) Missing(string directory)
    {
        var installed = Installed().ToArray();
        var has = installed.Length == 0 ? "none is installed" : $"installed: {string.Join(", ", installed)}";
        if (GlobalJsonOf(directory) is not { } path || AskedFor(path) is not { } wanted)
            return ($"No .NET SDK found for {directory} ({has}).", "Install one from https://dot.net");
        return ($"{path} asks for SDK {wanted}, which is not here ({has}).", "Install it, or change \"version\" or \"rollForward\" there");
    }

    private static string? AskedFor(string globalJson)
    {
        try
        {
            using var file = new LimitedStream(RegularFile.OpenRead(globalJson), LargestGlobalJson, () => new IOException("It is too large."));
            using var document = JsonDocument.Parse(file, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            if (!document.RootElement.TryGetProperty("sdk", out var sdk) || Text(sdk, "version") is not { } version)
                return null;
            return Text(sdk, "rollForward") is { } rollForward ? $"{version} (rollForward: {rollForward})" : version;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or StateException or JsonException or InvalidOperationException)
        {
            return null;
        }

        static string? Text(JsonElement of, string name) => of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }

    private static string GlobalJson(string directory) => GlobalJsonOf(directory) is { } path ? $"{path} {Hash(path)}" : "";

    private static string? GlobalJsonOf(string directory)
    {
        for (var at = new DirectoryInfo(directory); at is not null; at = at.Parent)
        {
            var path = Path.Combine(at.FullName, "global.json");
            if (File.Exists(path))
                return path;
        }

        return null;
    }

    private static string Hash(string path)
    {
        try
        {
            using var file = new LimitedStream(RegularFile.OpenRead(path), LargestGlobalJson, () => new IOException("It is too large."));
            return Convert.ToHexStringLower(SHA256.HashData(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or StateException)
        {
            return e.GetType().Name; // the builder will say what is wrong with it
        }
    }

    private static IEnumerable<string> Installed()
    {
        var sdks = new DirectoryInfo(Path.Combine(DotnetHost.Root, "sdk"));
        return sdks.Exists ? sdks.EnumerateDirectories().Select(sdk => sdk.Name).Order(StringComparer.Ordinal) : [];
    }
}
