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
        var hashes = new TreeHashes(_time);
        var file = Written("one");
        _time.Advance(TimeSpan.FromSeconds(3));
        var hash = hashes.Of(file);

        File.SetLastWriteTimeUtc(Written("two"), _time.GetUtcNow().UtcDateTime - TimeSpan.FromSeconds(3)); // nobody but a test goes back in time

        Assert.Equal(hash, hashes.Of(file));
    }

    private string Written(string text)
    {
        var file = _scratch.Write("a.cs", text);
        File.SetLastWriteTimeUtc(file, _time.GetUtcNow().UtcDateTime);
        return file;
    }
}
