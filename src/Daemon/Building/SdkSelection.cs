using System.Security.Cryptography;
using WatchReload.Control;

namespace WatchReload.Daemon.Building;

/// <summary>What decides which SDK a directory gets: the global.json in force, by content, and the SDKs installed. Equal means that a loaded SDK is still the right one.</summary>
/// <remarks>The tree may be one that nobody has agreed to. What is no file there, or is too large to be a global.json, counts as the same whatever is in it: the SDK says what is wrong.</remarks>
internal static class SdkSelection
{
    private const long LargestGlobalJson = 1 << 20;

    public static string For(string directory) => $"{GlobalJson(directory)} [{string.Join(' ', Installed())}]";

    private static string GlobalJson(string directory)
    {
        for (var at = new DirectoryInfo(directory); at is not null; at = at.Parent)
        {
            var path = Path.Combine(at.FullName, "global.json");
            if (File.Exists(path))
                return $"{path} {Hash(path)}";
        }
        return "";
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
