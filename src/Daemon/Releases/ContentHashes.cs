using System.Security.Cryptography;
using System.Text;
using WatchReload.Control;

namespace WatchReload.Daemon.Releases;

/// <summary>Hashes over what lies in a release, not over when or from what commit it was made. Lower-case hex SHA-256.</summary>
internal static class ContentHashes
{
    /// <summary>Equal for equal files, packages and entry: such releases are "unchanged" to a node.</summary>
    public static string OfRelease(IEnumerable<ReleaseFile> files, string? packageSet, string entryAssembly, IReadOnlyList<string> perVersion) =>
        Hash($"entry {entryAssembly}\npackages {packageSet}\n{string.Concat(perVersion.Select(name => $"per version {name}\n"))}", files);

    public static string OfPackageSet(IEnumerable<ReleaseFile> files) => Hash("", files);

    public static string OfBytes(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    // A line a file. The hash comes first and has a fixed length, and paths have no line breaks: no two lists give the same text.
    private static string Hash(string head, IEnumerable<ReleaseFile> files)
    {
        var text = new StringBuilder(head);
        foreach (var file in files.OrderBy(file => file.Path, StringComparer.Ordinal))
            text.Append(file.Sha256).Append(' ').Append(file.Kind).Append(' ').Append(file.Path).Append('\n');
        return OfBytes(Encoding.UTF8.GetBytes(text.ToString()));
    }
}
