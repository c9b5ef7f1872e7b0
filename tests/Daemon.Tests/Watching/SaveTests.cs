using WatchReload.Daemon.Tests.Git;

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
    public async Task Only_the_file_when_VS_Code_saves_it()
    {
        await using var folder = new WatchedFolder();
        var file = folder.Write("a.cs", "1");
        await folder.Watch();

        // In place, emptied first.
        await using (var stream = new FileStream(file, FileMode.Truncate))
            await stream.WriteAsync("2"u8.ToArray(), TestContext.Current.CancellationToken);
        await folder.Expect("a.cs");

        // With its atomic writes.
        File.WriteAllText(file + ".vsctmp", "3");
        File.Move(file + ".vsctmp", file, overwrite: true);
        await folder.Expect("a.cs");
        await folder.Nothing();
    }

    [Fact(Timeout = 60_000)]
    public async Task Only_the_file_when_the_real_sed_edits_it()
    {
        await using var folder = new WatchedFolder();
        folder.Write("a.cs", "one\n");
        await folder.Watch();
        Assert.SkipUnless(OperatingSystem.IsLinux(), "GNU sed");
        var sed = await Shell.Run(folder.Root, "sed", "-i", "s/one/two/", "a.cs");
        Assert.True(sed.ExitCode == 0, sed.All);
        await folder.Expect("a.cs");
        await folder.Nothing();
    }

    [Theory(Timeout = 60_000)]
    [InlineData("backupcopy=no")]
    [InlineData("backupcopy=yes")]
    [InlineData("nowritebackup")]
    public async Task Only_the_file_when_the_real_vim_saves_it(string option)
    {
        var vim = "/usr/bin/vim";
        Assert.SkipUnless(File.Exists(vim), "vim is not installed");
        await using var folder = new WatchedFolder();
        folder.Write("a.cs", "one\n");
        await folder.Watch();
        var saved = await Shell.Run(folder.Root, vim, "-u", "NONE", "-es", "-N", "--cmd", $"set {option} backup directory=.", "-c", "s/one/two/", "-c", "wq", "a.cs");
        Assert.True(saved.ExitCode == 0, saved.All);
        Assert.Equal("two\n", await File.ReadAllTextAsync(folder.At("a.cs"), TestContext.Current.CancellationToken));
        await folder.Expect("a.cs");
        await folder.Nothing();
    }

    [Fact(Timeout = 60_000)]
    public async Task Both_names_when_only_the_case_of_a_name_changes()
    {
        await using var folder = new WatchedFolder();
        folder.Write("dir/a.cs", "1");
        await folder.Watch();
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere they are one");
        File.Move(folder.At("dir/a.cs"), folder.At("dir/A.cs"));
        await folder.Expect("dir/A.cs", "dir/a.cs");
        Directory.Move(folder.At("dir"), folder.At("Dir"));
        await folder.Expect("Dir/A.cs", "dir/A.cs");
        await folder.Nothing();
    }

    [Fact(Timeout = 60_000)]
    public async Task Told_by_name_when_a_file_is_not_UTF_8()
    {
        await using var folder = new WatchedFolder();
        await folder.Watch();
        await File.WriteAllBytesAsync(folder.At("latin.cs"), [0x2F, 0x2F, 0xE4], TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(folder.At("utf16.cs"), [0xFF, 0xFE, 0xE4, 0x00], TestContext.Current.CancellationToken);
        folder.Write("utf8.cs", "// ä");
        await folder.Expect("latin.cs", "utf16.cs", "utf8.cs");
        await folder.Nothing();
        Assert.Equal(folder.At("latin.cs"), Assert.Single(folder.Log.Lines, line => line.Contains("is not UTF-8")).Split(" is not")[0]);
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
