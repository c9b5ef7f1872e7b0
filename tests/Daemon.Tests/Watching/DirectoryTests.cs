namespace WatchReload.Daemon.Tests.Watching;

public sealed class DirectoryTests
{
    [Fact(Timeout = 60_000)]
    public async Task Every_file_when_a_directory_with_directories_appears()
    {
        await using var folder = new WatchedFolder();
        await folder.Watch();
        folder.Write("new/deep/deeper/a.cs", "1");
        folder.Write("new/b.cs", "1");
        await folder.Expect("new/b.cs", "new/deep/deeper/a.cs");

        folder.Write("new/deep/deeper/a.cs", "2");
        await folder.Expect("new/deep/deeper/a.cs");
    }

    [Fact(Timeout = 60_000)]
    public async Task Every_file_when_a_full_directory_is_moved_in()
    {
        await using var folder = new WatchedFolder();
        await folder.Watch();
        Directory.CreateDirectory(folder.Beside("full/sub"));
        File.WriteAllText(folder.Beside("full/sub/a.cs"), "1");
        Directory.Move(folder.Beside("full"), folder.At("full"));
        await folder.Expect("full/sub/a.cs");
    }

    [Fact(Timeout = 60_000)]
    public async Task Old_and_new_names_when_a_directory_is_renamed()
    {
        await using var folder = new WatchedFolder();
        folder.Write("old/sub/a.cs", "1");
        await folder.Watch();
        Directory.Move(folder.At("old"), folder.At("new"));
        await folder.Expect("new/sub/a.cs", "old/sub/a.cs");

        folder.Write("new/sub/a.cs", "2");
        await folder.Expect("new/sub/a.cs");
        await folder.Nothing();
    }

    [Fact(Timeout = 60_000)]
    public async Task Every_file_when_a_directory_goes_away()
    {
        await using var folder = new WatchedFolder();
        folder.Write("gone/sub/a.cs", "1");
        folder.Write("gone/b.cs", "1");
        await folder.Watch();
        Directory.Delete(folder.At("gone"), recursive: true);
        await folder.Expect("gone/b.cs", "gone/sub/a.cs");
        await folder.Nothing();
    }

    [Fact(Timeout = 60_000)]
    public async Task Only_what_is_different_when_a_directory_is_replaced()
    {
        await using var folder = new WatchedFolder();
        folder.Write("d/same.cs", "1");
        folder.Write("d/changed.cs", "1");
        await folder.Watch();
        await folder.Adopt(new() { Projects = [folder.At("p.csproj")], Files = [folder.At("d/same.cs"), folder.At("d/changed.cs")] });
        Directory.Move(folder.At("d"), folder.Beside("d"));
        folder.Write("d/same.cs", "1");
        folder.Write("d/changed.cs", "2");
        await folder.Expect("d/changed.cs");
    }

    [Fact(Timeout = 60_000)]
    public async Task Nothing_missed_when_renames_of_directories_interleave()
    {
        await using var folder = new WatchedFolder();
        for (var i = 0; i < 4; i++)
            folder.Write($"d{i}/sub/f.cs", "1");
        await folder.Watch();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(() =>
        {
            for (var round = 0; round < 200; round++)
            {
                var (from, to) = (round % 2 == 0 ? folder.At($"d{i}") : folder.Beside($"out{i}"), round % 2 == 0 ? folder.Beside($"out{i}") : folder.At($"d{i}"));
                Directory.Move(from, to);
                File.WriteAllText(Path.Combine(to, "sub", "f.cs"), $"{round}");
                if (round % 2 == 1)
                    Directory.Move(folder.At($"d{i}/sub"), folder.At($"d{i}/sub{round}"));
                if (round % 2 == 1)
                    Directory.Move(folder.At($"d{i}/sub{round}"), folder.At($"d{i}/sub"));
            }
        })));
        folder.Write("d0/sub/g.cs", "1");
        await folder.Expect("d0/sub/f.cs", "d0/sub/g.cs", "d1/sub/f.cs", "d2/sub/f.cs", "d3/sub/f.cs");
    }

    [Fact(Timeout = 60_000)]
    public async Task Never_out_of_git_or_outputs_or_state()
    {
        await using var folder = new WatchedFolder();
        folder.Settings = folder.Settings with { Exclude = ["**/node_modules/**", "docs/*.md"] };
        await folder.Watch();
        folder.Write(".git/index", "1");
        folder.Write(".git/watchreload/releases/r1/a.cs", "1");
        folder.Write("src/bin/Debug/a.dll", "1");
        folder.Write("src/obj/a.g.cs", "1");
        folder.Write("web/node_modules/x/index.js", "1");
        folder.Write("docs/a.md", "1");
        await folder.Nothing();
    }
}
