using System.Security.Cryptography;
using WatchReload.Control;

namespace WatchReload.Builder;

/// <summary>SHA-256 of a file's content.</summary>
internal static class FileHash
{
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be read.</exception>
    public static string Of(FileInfo file) => Of(file.FullName, file.Length);

    /// <param name="path">Of the file.</param>
    /// <param name="length">Of the file, or of what a link leads to.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be read.</exception>
    public static string Of(string path, long length)
    {
        if (length == 0)
            return SourceHash.Empty; // also what has no length, such as a pipe, from which a read would never come back
        using var content = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return Convert.ToHexStringLower(SHA256.HashData(content));
    }

    /// <summary>With the content that it is of: who reads it a second time may find another.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be read.</exception>
    public static (string Hash, byte[] Content) WithContent(FileInfo file) => WithContent(file.FullName, file.Length);

    /// <inheritdoc cref="Of(string, long)"/>
    public static (string Hash, byte[] Content) WithContent(string path, long length)
    {
        if (length == 0)
            return (SourceHash.Empty, []);
        using var content = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var whole = new MemoryStream();
        content.CopyTo(whole);
        return (Convert.ToHexStringLower(SHA256.HashData(whole.GetBuffer().AsSpan(0, (int)whole.Length))), whole.ToArray());
    }
}
