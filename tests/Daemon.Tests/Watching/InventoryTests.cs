using WatchReload.Daemon.Watching;
using WatchReload.Tests;

namespace WatchReload.Daemon.Tests.Watching;

/// <summary>What can be known of a file without reading it.</summary>
public sealed class InventoryTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("wr-inventory-");
    private readonly FakeTime _time = new();

    private string File_ => Path.Combine(_directory.FullName, "a.cs");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact(Timeout = 60_000)]
    public async Task Suspect_for_as_long_as_a_second_write_could_look_like_the_first()
    {
        await File.WriteAllTextAsync(File_, "1", TestContext.Current.CancellationToken);
        var inventory = new Inventory(_time);
        inventory.Apply(inventory.Compare([File_]));
        Assert.True(inventory.IsSuspect(File_));
        Assert.False(inventory.IsSurelySame(File_));

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(inventory.Compare([File_]));
        Assert.True(inventory.IsSuspect(File_));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Empty(inventory.Compare([File_]));
        Assert.False(inventory.IsSuspect(File_));
        if (OperatingSystem.IsLinux())
            Assert.True(inventory.IsSurelySame(File_));
    }

    [Fact(Timeout = 60_000)]
    public async Task Suspect_when_it_was_written_and_its_time_set_back()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "By the change time");
        await File.WriteAllTextAsync(File_, "1", TestContext.Current.CancellationToken);
        var inventory = new Inventory(_time);
        inventory.Apply(inventory.Compare([File_]));
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Empty(inventory.Compare([File_]));

        var written = File.GetLastWriteTimeUtc(File_);
        await WatchedFolder.Aged(File_);
        await File.WriteAllTextAsync(File_, "2", TestContext.Current.CancellationToken);
        File.SetLastWriteTimeUtc(File_, written);
        Assert.True(inventory.IsSuspect(File_));
        Assert.Single(inventory.Compare([File_]));
    }

    [Fact(Timeout = 60_000)]
    public async Task Below_are_the_files_that_are_known_and_no_others()
    {
        await Task.CompletedTask;
        var index = new DirectoryIndex();
        var (a, b, c) = (Path.Combine(_directory.FullName, "x", "a.cs"), Path.Combine(_directory.FullName, "x", "y", "b.cs"), Path.Combine(_directory.FullName, "xy", "c.cs"));
        foreach (var file in new[] { a, b, c })
            index.Add(file);
        Assert.Equal([a, b], index.Below(Path.Combine(_directory.FullName, "x")).Order());
        Assert.Equal([a, b, c], index.Below(_directory.FullName).Order());
        index.Remove(b);
        Assert.Equal([a], index.Below(Path.Combine(_directory.FullName, "x")));
        Assert.Empty(index.Below(Path.Combine(_directory.FullName, "x", "y")));
        index.Remove(a);
        index.Remove(c);
        Assert.Empty(index.Below(Path.GetPathRoot(_directory.FullName)!));
    }
}
