using WatchReload.Control;

namespace WatchReload.Builder.Replay;

/// <summary>
/// What a file had in it. It is read again when its stamp differs from what it was, which the file system changes with every write, whatever time a program gives the file afterwards; and also when it was written
/// so shortly before it was read that another write could have left the same stamp.
/// </summary>
/// <param name="Hash">Null when there was no file.</param>
/// <param name="Stamp">As it was before it was read; of a link that of the file that it leads to.</param>
/// <param name="ReadAt">When it was read, UTC.</param>
internal sealed record KnownFile(string? Hash, FileStamp Stamp, DateTime ReadAt)
{
    private static readonly FileStamp OfNone = new(-2, 0);

    /// <summary>Equals nothing.</summary>
    public static KnownFile Unlike => new($"unreadable {Guid.NewGuid():n}", OfNone, default);

    /// <summary>There was a file, and it could be read.</summary>
    public bool IsRead => Hash is not null && Stamp.Exists;

    /// <summary>The latest that it can have been written, or have come to lie there.</summary>
    private DateTime Latest => FileTime.Latest(new DateTime(Stamp.Written, DateTimeKind.Utc)) is var written && FileTime.Latest(new DateTime(Stamp.Changed, DateTimeKind.Utc)) is var changed && written > changed ? written : changed;

    public static KnownFile Read(string path) => Read(path, static (path, length) => (FileHash.Of(path, length), null)).Known;

    public static (KnownFile Known, byte[]? Content) ReadWhole(string path) => Read(path, static (path, length) => FileHash.WithContent(path, length));

    private static (KnownFile Known, byte[]? Content) Read(string path, Func<string, long, (string Hash, byte[]? Content)> read)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var stamp = FileStamp.Of(path);
        if (!stamp.Exists)
            return (new KnownFile(null, stamp, now), null);
        try
        {
            var (hash, content) = read(path, stamp.Length);
            return (new KnownFile(hash, stamp, now), content);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (Unlike, null); // MSBuild says what is the matter with it
        }
    }

    /// <summary>Whether it may have been written since, or have come.</summary>
    public bool MayBeSince(DateTime time) => Latest >= time;

    /// <summary>Whether nobody can have written it since it was read.</summary>
    public bool IsUntouched(string path) => Hash is not null && ReadAt > Latest && HasStamp(path);

    public bool HasStamp(string path) => FileStamp.Of(path) == Stamp;

    public bool IsSame(string path) => IsUntouched(path) || Read(path).Hash == Hash;
}
