using System.Buffers;
using System.Security.Cryptography;
using WatchReload.Control;

namespace WatchReload.Daemon.Watching;

/// <summary>What a file's content comes to: its SHA-256 in lower-case hex, or why there is none.</summary>
internal static class ContentHash
{
    public const string Absent = SourceHash.Absent;
    public const string Unreadable = "unreadable";
    private const int Whole = 1 << 20;

    public static string Of(string path) => Of(path, FileStamp.Of(path));

    public static string Of(string path, FileStamp stamp) => Of(path, stamp, Open);

    /// <param name="path">Of the file.</param>
    /// <param name="stamp">That it had.</param>
    /// <param name="open">Opens it. What must not be read is an <see cref="UnauthorizedAccessException"/>.</param>
    public static string Of(string path, FileStamp stamp, Func<string, Stream> open)
    {
        if (!stamp.Exists)
            return Absent;
        // Nothing of length zero is opened: a named pipe has it too, and would hold the reader for ever.
        if (stamp.Length == 0)
            return SourceHash.Empty;
        try
        {
            using var stream = open(path);
            return Convert.ToHexStringLower(stamp.Length < Whole ? OfSmall(stream) : SHA256.HashData(stream));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Absent;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Unreadable;
        }
    }

    private static FileStream Open(string path) => new(path, new FileStreamOptions { Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0, Options = FileOptions.SequentialScan });

    private static byte[] OfSmall(Stream stream)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Whole);
        try
        {
            var length = stream.ReadAtLeast(buffer, Whole, throwOnEndOfStream: false);
            if (length < Whole)
                return SHA256.HashData(buffer.AsSpan(0, length));
            // It grew over the limit since it was looked at.
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            for (var read = length; read > 0; read = stream.Read(buffer))
                hash.AppendData(buffer, 0, read);
            return hash.GetHashAndReset();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
