using System.Buffers;
using System.Security.Cryptography;

namespace WatchReload.Daemon.Watching;

/// <summary>What a file's content comes to: its SHA-256 in lower-case hex, or why there is none.</summary>
internal static class ContentHash
{
    public const string Absent = "absent";
    public const string Unreadable = "unreadable";
    private const int Whole = 1 << 20;
    private static readonly string Empty = Convert.ToHexStringLower(SHA256.HashData([]));

    public static string Of(string path) => Of(path, FileStamp.Of(path));

    public static string Of(string path, FileStamp stamp)
    {
        if (!stamp.Exists)
            return Absent;
        // Nothing of length zero is opened: a named pipe has it too, and would hold the reader for ever.
        if (stamp.Length == 0)
            return Empty;
        try
        {
            using var stream = new FileStream(path, new FileStreamOptions { Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0, Options = FileOptions.SequentialScan });
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

    private static byte[] OfSmall(FileStream stream)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Whole);
        try
        {
            var length = stream.ReadAtLeast(buffer, Whole, throwOnEndOfStream: false);
            if (length < Whole)
                return SHA256.HashData(buffer.AsSpan(0, length));
            // It grew over the limit since it was looked at.
            stream.Position = 0;
            return SHA256.HashData(stream);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
