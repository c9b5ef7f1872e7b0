using WatchReload.Control;

namespace WatchReload.Builder.Replay;

/// <summary>
/// What a file had in it. It is read again when its length or time differ from what they were; and also when it was written so shortly before it was read that another write could have
/// left the same time.
/// </summary>
/// <param name="Hash">Null when there was no file.</param>
/// <param name="Length">In bytes; negative when it could not be read.</param>
/// <param name="Written">Its time, UTC.</param>
/// <param name="ReadAt">When it was read, UTC.</param>
internal sealed record KnownFile(string? Hash, long Length, DateTime Written, DateTime ReadAt)
{
    /// <summary>Equals nothing.</summary>
    public static KnownFile Unlike => new($"unreadable {Guid.NewGuid():n}", -1, default, default);

    /// <summary>There was a file, and it could be read.</summary>
    public bool IsRead => Hash is not null && Length >= 0;

    public static KnownFile Read(string path) => Read(path, static file => (FileHash.Of(file), null)).Known;

    public static (KnownFile Known, byte[]? Content) ReadWhole(string path) => Read(path, static file => FileHash.WithContent(file));

    private static (KnownFile Known, byte[]? Content) Read(string path, Func<FileInfo, (string Hash, byte[]? Content)> read)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var file = FileAt(path);
        if (!file.Exists)
            return (new KnownFile(null, 0, default, now), null);
        try
        {
            var (hash, content) = read(file);
            return (new KnownFile(hash, file.Length, file.LastWriteTimeUtc, now), content);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (Unlike, null); // MSBuild says what is the matter with it
        }
    }

    /// <summary>Of a link to a file, that file: the link has a length and a time of its own.</summary>
    private static FileInfo FileAt(string path)
    {
        var file = new FileInfo(path);
        try
        {
            return file.Exists && file.Attributes.HasFlag(FileAttributes.ReparsePoint) && file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target ? target : file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return file; // a loop of links, which reading tells
        }
    }

    public bool HasSameStamp(string path) => Hash is not null && ReadAt > FileTime.Latest(Written) && HasLengthAndTime(path);

    public bool HasLengthAndTime(string path)
    {
        var file = FileAt(path);
        return file.Exists ? Hash is not null && file.Length == Length && file.LastWriteTimeUtc == Written : Hash is null;
    }

    public bool IsSame(string path) => HasSameStamp(path) || Read(path).Hash == Hash;
}
