using WatchReload.Control;
using WatchReload.Daemon.Flow;
using WatchReload.Daemon.Watching;

namespace WatchReload.Daemon.Tests.Flow;

public sealed class TreeHashesTests : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly ManualTime _time = new();

    public void Dispose() => _scratch.Dispose();

    [Fact(Timeout = 60_000)]
    public void Hash_is_that_of_the_content_when_another_write_has_left_the_same_stamp()
    {
        var hashes = new TreeHashes(_time);
        var file = Written("one");
        Assert.Equal(ContentHash.Of(file), hashes.Of(file));

        Written("two"); // as long, and at the same time

        Assert.Equal(ContentHash.Of(file), hashes.Of(file));
    }

    [Fact(Timeout = 60_000)]
    public void File_is_not_read_again_when_it_has_been_left_alone()
    {
        var reads = 0;
        var hashes = new TreeHashes(_time, (path, stamp) =>
        {
            reads++;
            return ContentHash.Of(path, stamp);
        });
        var file = Written("one");
        Assert.Equal(hashes.Of(file), hashes.Of(file));
        Assert.Equal(2, reads); // another write may still leave the same stamp

        _time.Advance(new DateTime(FileStamp.Of(file).Changed, DateTimeKind.Utc).AddSeconds(3) - _time.GetUtcNow()); // of the file system's clock, not of this one
        var hash = hashes.Of(file);
        Assert.Equal(3, reads);

        Assert.Equal((hash, 3), (hashes.Of(file), reads));
        Assert.Equal((ContentHash.Of(Written("two")), 4), (hashes.Of(file), reads));
    }

    private string Written(string text)
    {
        var file = _scratch.Write("a.cs", text);
        File.SetLastWriteTimeUtc(file, _time.GetUtcNow().UtcDateTime);
        return file;
    }
}
