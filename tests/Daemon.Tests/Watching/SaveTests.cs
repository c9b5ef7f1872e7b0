namespace WatchReload.Daemon.Tests.Watching;

/// <summary>How editors and tools write files, on the real file system.</summary>
public sealed class SaveTests
{
    [Fact(Timeout = 60_000)]
    public async Task One_change_set_when_a_file_is_saved()
    {
        await using var folder = new WatchedFolder();
        folder.Write("a.cs", "1");
        folder.Write("b.cs", "1");
        await folder.Watch();

        folder.Write("a.cs", "2");
        var change = await folder.Next();
        Assert.Equal([folder.At("a.cs")], change.Paths);
        Assert.Equal("saved", change.Reason);
        Assert.False(change.Rescan);
        await folder.Nothing();
    }

    [Fact(Timeout = 60_000)]
    public async Task No_change_when_a_file_is_written_with_the_same_content()
    {
        await using var folder = new WatchedFolder();
        folder.Write("a.cs", "1");
        await folder.Watch();
        folder.Write("a.cs", "2");
        await folder.Next();

        folder.Write("a.cs", "2");
        File.SetLastWriteTimeUtc(folder.At("a.cs"), DateTime.UnixEpoch);
        await folder.Nothing();
    }

    [Fact(Timeout = 60_000)]
    public async Task Only_the_file_when_vim_saves_it()
    {
        await using var folder = new WatchedFolder();
        var file = folder.Write("a.cs", "1");
        await folder.Watch();

        folder.Write(".a.cs.swp", "swap");
        folder.Write("4913", "");
        File.Delete(folder.At("4913"));
        File.Move(file, file + "~");
        folder.Write("a.cs", "2");
        File.Delete(file + "~");
        await folder.Expect("a.cs");
        await folder.Nothing();
    }

    [Fact(Timeout = 60_000)]
    public async Task Only_the_file_when_it_is_replaced_by_a_rename()
    {
        await using var folder = new WatchedFolder();
        var file = folder.Write("a.cs", "1");
        await folder.Watch();

        // sed -i, and most atomic saves.
        File.WriteAllText(folder.At("sedA1b2C3"), "2");
        File.Move(folder.At("sedA1b2C3"), file, overwrite: true);
        await folder.Expect("a.cs");

        // JetBrains' safe write.
        File.WriteAllText(file + "___jb_tmp___", "3");
        File.Move(file, file + "___jb_old___");
        File.Move(file + "___jb_tmp___", file);
        File.Delete(file + "___jb_old___");
        await folder.Expect("a.cs");
        await folder.Nothing();
    }

    [Fact(Timeout = 60_000)]
    public async Task Both_names_when_a_file_is_renamed()
    {
        await using var folder = new WatchedFolder();
        folder.Write("a.cs", "1");
        await folder.Watch();
        File.Move(folder.At("a.cs"), folder.At("b.cs"));
        await folder.Expect("a.cs", "b.cs");
        File.Move(folder.At("b.cs"), folder.At("B.cs"));
        if (OperatingSystem.IsLinux())
            await folder.Expect("B.cs", "b.cs");
        await folder.Nothing();
    }

    [Fact(Timeout = 60_000)]
    public async Task Reported_when_a_file_is_deleted()
    {
        await using var folder = new WatchedFolder();
        folder.Write("a.cs", "1");
        await folder.Watch();
        File.Delete(folder.At("a.cs"));
        await folder.Expect("a.cs");
        await folder.Nothing();
    }

    [Fact(Timeout = 60_000)]
    public async Task Told_by_name_when_a_file_cannot_be_read()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("Needs files that cannot be read");
        await using var folder = new WatchedFolder();
        var file = folder.Write("a.cs", "1");
        await folder.Watch();
        folder.Write("a.cs", "2");
        await folder.Next();
        if (Environment.UserName == "root")
        {
            // Root may read what others may not; this one nobody can, it is there to be written to.
            var unreadable = Directory.EnumerateFiles("/sys/bus", "drivers_probe", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1 }).FirstOrDefault();
            Assert.SkipWhen(unreadable is null, "No file that cannot be read");
            File.Delete(file);
            File.CreateSymbolicLink(file, unreadable);
        }
        else if (!OperatingSystem.IsWindows())
        {
            File.WriteAllText(file, "3");
            File.SetUnixFileMode(file, UnixFileMode.None);
        }
        await folder.Expect("a.cs");
        Assert.Contains(folder.Log.Lines, line => line.Contains($"{file} cannot be read"));
        await folder.Nothing();
    }
}
