using System.Threading.Channels;
using WatchReload.Daemon.Watching;

namespace WatchReload.Daemon.Tests.Watching;

public sealed class LinuxTreeEventsTests : IDisposable
{
    private const int Queued = 16_384; // fs.inotify.max_queued_events, as systems have it
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("wr-events-");
    private readonly Channel<TreeEvent> _told = Channel.CreateUnbounded<TreeEvent>();
    private readonly Channel<Exception> _failed = Channel.CreateUnbounded<Exception>();

    public LinuxTreeEventsTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "inotify is Linux's");

    public void Dispose() => _directory.Delete(recursive: true);

    /// <summary>Of which the runtime's own watcher can have its directories contain each other, and end the process by a stack overflow.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Paths_are_right_after_directories_were_moved_into_each_other_by_several_at_once()
    {
        foreach (var name in (string[])["a", "b", "c", "d", "e"])
            Directory.CreateDirectory(At(name));
        using var events = Watch(new WatchedDirectory(At(""), Recursive: true));
        await Task.WhenAll(Enumerable.Range(1, 3).Select(seed => Task.Run(() => MoveAbout(new Random(seed)))));

        var left = Directory.GetDirectories(At(""), "*", SearchOption.AllDirectories);
        Assert.Equal(5, left.Length);
        await ToldOf(At("Sentinel.cs")); // all moves have been taken in: what happens in a directory before that may be told by the directory alone
        foreach (var directory in left)
            await ToldOf(Path.Combine(directory, "File.cs"));
        Assert.False(_failed.Reader.TryRead(out _));
    }

    [Fact(Timeout = 60_000)]
    public async Task Directory_that_was_moved_away_is_told_of_no_more_and_one_that_came_back_is()
    {
        Directory.CreateDirectory(At("tree/moves/deep"));
        using var events = Watch(new WatchedDirectory(At("tree"), Recursive: true));
        Directory.Move(At("tree/moves"), At("elsewhere"));
        await Told(At("tree/moves"));
        await File.WriteAllTextAsync(At("elsewhere/deep/Silent.cs"), "", TestContext.Current.CancellationToken);
        await ToldOf(At("tree/Sentinel.cs"), At("tree/moves/deep/Silent.cs"), At("elsewhere/deep/Silent.cs"));

        Directory.Move(At("elsewhere"), At("tree/back"));
        await Told(At("tree/back"));
        await ToldOf(At("tree/back/deep/File.cs"));
    }

    [Fact(Timeout = 60_000)]
    public async Task File_is_open_until_who_writes_it_has_closed_it()
    {
        using var events = Watch(new WatchedDirectory(At(""), Recursive: true));
        using (var file = File.Create(At("File.cs")))
        {
            Assert.True((await Next()).IsOpen);
            file.WriteByte(1);
            await file.FlushAsync(TestContext.Current.CancellationToken);
            Assert.True((await Next()).IsOpen);
        }

        TreeEvent told;
        while ((told = await Next()).IsOpen)
        {
            // Maybe more than one for a write.
        }
        Assert.Equal(new TreeEvent(At("File.cs"), IsMove: false), told);
        File.Move(At("File.cs"), At("Moved.cs"));
        Assert.Equal([new TreeEvent(At("File.cs"), IsMove: true), new TreeEvent(At("Moved.cs"), IsMove: true)], [await Next(), await Next()]);
        Directory.CreateDirectory(At("directory"));
        Assert.Equal(new TreeEvent(At("directory"), IsMove: true), await Next());

        ValueTask<TreeEvent> Next() => _told.Reader.ReadAsync(TestContext.Current.CancellationToken);
    }

    [Fact(Timeout = 60_000)]
    public async Task Directory_that_is_come_to_by_a_link_too_is_told_of_by_either_path()
    {
        Directory.CreateDirectory(At("tree/own"));
        Directory.CreateSymbolicLink(At("tree/link"), At("tree/own"));
        using var events = Watch(new WatchedDirectory(At("tree"), Recursive: true), new WatchedDirectory(At("tree/link"), Recursive: true));
        await File.WriteAllTextAsync(At("tree/own/File.cs"), "", TestContext.Current.CancellationToken);
        await Told(At("tree/own/File.cs"));
        await Told(At("tree/link/File.cs"));
    }

    [Fact(Timeout = 60_000)]
    public async Task Directory_that_takes_the_place_of_another_is_told_of_though_the_other_is_held()
    {
        Directory.CreateDirectory(At("tree/now"));
        using var events = Watch(new WatchedDirectory(At("tree"), Recursive: true));
        await ToldOf(At("tree/now/File.cs"));
        // Who lists a directory has it open: it is there until then, and so is its watch.
        var held = Directory.EnumerateFiles(At("tree/now")).GetEnumerator();
        using (held)
        {
            Assert.True(held.MoveNext());
            File.Delete(At("tree/now/File.cs"));
            Directory.Delete(At("tree/now"));
            Directory.CreateDirectory(At("tree/now"));
            await ToldOf(At("tree/Sentinel.cs"));
            await ToldOf(At("tree/now/File.cs"));
        }

        await ToldOf(At("tree/Another.cs"));
        await ToldOf(At("tree/now/Another.cs"));
    }

    [Fact(Timeout = 60_000)]
    public async Task Link_is_watched_on_when_the_directory_that_it_lies_in_was_moved_away_and_back()
    {
        Directory.CreateDirectory(At("beside"));
        Directory.CreateDirectory(At("tree/has"));
        Directory.CreateSymbolicLink(At("tree/has/link"), At("beside"));
        using var events = Watch(new WatchedDirectory(At("tree"), Recursive: true), new WatchedDirectory(At("tree/has/link"), Recursive: true));
        Directory.Move(At("tree/has"), At("tree/away"));
        Directory.Move(At("tree/away"), At("tree/has"));
        await ToldOf(At("tree/Sentinel.cs"));
        await ToldOf(At("tree/has/link/File.cs"));
    }

    [Fact(Timeout = 60_000)]
    public async Task Directory_alone_is_told_of_without_those_in_it()
    {
        Directory.CreateDirectory(At("tree/below"));
        using var events = Watch(new WatchedDirectory(At("tree"), Recursive: false));
        await File.WriteAllTextAsync(At("tree/below/Silent.cs"), "", TestContext.Current.CancellationToken);
        await ToldOf(At("tree/File.cs"), At("tree/below/Silent.cs"));
    }

    [Fact(Timeout = 60_000)]
    public async Task Directories_that_came_while_events_were_lost_are_told_of()
    {
        Directory.CreateDirectory(At("tree"));
        using var busy = new ManualResetEventSlim();
        using var events = TreeEvents.Open([new WatchedDirectory(At("tree"), Recursive: true)], happened =>
        {
            busy.Wait(TestContext.Current.CancellationToken);
            _told.Writer.TryWrite(happened);
        }, error => _failed.Writer.TryWrite(error));
        for (var i = 0; i <= 2 * Queued; i++)
            File.Delete(Made(At($"tree/{i % 100}.cs")));
        Directory.CreateDirectory(At("tree/late/deep"));
        busy.Set();

        Assert.IsType<InternalBufferOverflowException>(await _failed.Reader.ReadAsync(TestContext.Current.CancellationToken));
        await ToldOf(At("tree/late/deep/File.cs"));
    }

    [Fact(Timeout = 60_000)]
    public async Task Directory_that_is_not_there_is_a_failure_and_the_others_are_watched()
    {
        Directory.CreateDirectory(At("tree"));
        using var events = Watch(new WatchedDirectory(At("gone"), Recursive: true), new WatchedDirectory(At("tree"), Recursive: true));
        Assert.Contains(At("gone"), (await _failed.Reader.ReadAsync(TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
        await ToldOf(At("tree/File.cs"));
    }

    private string At(string path) => Path.TrimEndingDirectorySeparator(Path.Combine(_directory.FullName, path));

    private static string Made(string path)
    {
        File.WriteAllBytes(path, []);
        return path;
    }

    private IDisposable Watch(params WatchedDirectory[] directories) => TreeEvents.Open(directories, happened => _told.Writer.TryWrite(happened), error => _failed.Writer.TryWrite(error));

    /// <summary>Any into any other, whoever else moves it: what cannot be done is left.</summary>
    private void MoveAbout(Random random)
    {
        for (var round = 0; round < 1_000; round++)
        {
            try
            {
                var all = Directory.GetDirectories(At(""), "*", SearchOption.AllDirectories);
                var (moved, into) = (all[random.Next(all.Length)], random.Next(3) == 0 ? At("") : all[random.Next(all.Length)]);
                Directory.Move(moved, Path.Combine(into, Path.GetFileName(moved)));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or IndexOutOfRangeException)
            {
                // Somebody else was first, or into itself.
            }
        }
    }

    private async Task Told(string path)
    {
        while ((await _told.Reader.ReadAsync(TestContext.Current.CancellationToken)).Path != path)
        {
            // Of something before it.
        }
    }

    /// <summary>A file is written, and told of; nothing before it is of those paths.</summary>
    private async Task ToldOf(string path, params string[] never)
    {
        Made(path);
        while (await _told.Reader.ReadAsync(TestContext.Current.CancellationToken) is { Path: var told } && told != path)
            Assert.DoesNotContain(told, never);
    }
}
