using System.Security.Cryptography;
using System.Text;

namespace WatchReload.Control;

/// <summary>
/// The source hash of a tree: SHA-256, lower-case hex, over the inputs' paths relative to a root and their content hashes, and over the commits that are built in. The same in
/// every checkout of the same content, whatever the order in which the files are named.
/// </summary>
public static class SourceHash
{
    /// <summary>In place of the content hash of a file that is not there.</summary>
    public const string Absent = "absent";

    /// <summary>The content hash of an empty file.</summary>
    public static string Empty { get; } = Convert.ToHexStringLower(SHA256.HashData([]));

    /// <param name="root">Of the checkout.</param>
    /// <param name="files">Absolute paths, and what the file's content comes to: its SHA-256 in lower-case hex, or <see cref="Absent"/>. Of one that cannot be read it is a text that no other look gives.</param>
    /// <param name="heads">Directories, absolute, and the commit that is checked out there.</param>
    public static string Of(string root, IEnumerable<(string Path, string Content)> files, IEnumerable<(string Directory, string Commit)> heads)
    {
        var lines = files.Select(file => Line(file.Path, file.Content)).ToList();
        lines.AddRange(heads.Select(head => Line(head.Directory, $"HEAD {head.Commit}")));
        lines.Sort(StringComparer.Ordinal);

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var line in lines)
            hash.AppendData(Encoding.UTF8.GetBytes(line));
        return Convert.ToHexStringLower(hash.GetHashAndReset());

        string Line(string path, string content) => $"{Path.GetRelativePath(root, path).Replace('\\', '/')}\0{content}\n";
    }
}
