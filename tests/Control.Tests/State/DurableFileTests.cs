namespace WatchReload.Control.Tests.State;

public sealed class DurableFileTests
{
    [Fact(Timeout = 60_000)]
    public async Task The_new_content_replaces_the_old()
    {
        using var temporary = new TemporaryState();
        var path = Path.Combine(temporary.Parent, "current");

        DurableFile.Write(path, "r000001");
        DurableFile.Write(path, "r2");

        Assert.Equal("r2", await File.ReadAllTextAsync(path));
        Assert.Equal([path], Directory.GetFiles(temporary.Parent));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Fact(Timeout = 60_000)]
    public async Task Nothing_is_left_behind_when_it_fails()
    {
        using var temporary = new TemporaryState();
        var path = Path.Combine(temporary.Parent, "taken");
        Directory.CreateDirectory(path);

        Assert.ThrowsAny<Exception>(() => DurableFile.Write(path, "text"));

        Assert.Equal([path], Directory.GetFileSystemEntries(temporary.Parent));
        await Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public async Task Creating_what_is_there_changes_nothing()
    {
        using var temporary = new TemporaryState();
        var path = Path.Combine(temporary.Parent, "file");

        Assert.True(DurableFile.TryCreate(path, "first"));
        Assert.False(DurableFile.TryCreate(path, "second"));

        Assert.Equal("first", await File.ReadAllTextAsync(path));
        Assert.Equal([path], Directory.GetFiles(temporary.Parent));
    }

    [Fact(Timeout = 60_000)]
    public async Task Deleting_what_is_not_there_is_no_failure()
    {
        using var temporary = new TemporaryState();
        var path = Path.Combine(temporary.Parent, "trial");
        DurableFile.Write(path, "r1");

        DurableFile.Delete(path);
        DurableFile.Delete(path);

        Assert.False(File.Exists(path));
        await Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public async Task Readers_see_the_whole_old_or_the_whole_new_content()
    {
        using var temporary = new TemporaryState();
        var path = Path.Combine(temporary.Parent, "file");
        var contents = new[] { new string('a', 70_000), new string('b', 300) };
        DurableFile.Write(path, contents[0]);

        var writing = Task.Run(() =>
        {
            for (var i = 0; i < 100; i++)
                DurableFile.Write(path, contents[i % 2]);
        });
        while (!writing.IsCompleted)
            Assert.Contains(await File.ReadAllTextAsync(path), contents);
        await writing;
    }
}
