using WatchReload.Control;

namespace WatchReload.Daemon.Tests.Watching;

/// <summary>Symbolic links below a project, as an evaluation follows them.</summary>
public sealed class LinkTests
{
    [Fact(Timeout = 60_000)]
    public async Task New_file_counts_when_it_appears_behind_a_linked_directory()
    {
        await using var folder = await Project();
        Directory.CreateDirectory(folder.Beside("real/sub"));
        Directory.CreateSymbolicLink(folder.At("src/linked"), folder.Beside("real"));
        await folder.Nothing("src/a.cs");
        await folder.Adopt(Inputs(folder));

        File.WriteAllText(folder.Beside("real/sub/new.cs"), "1");
        await folder.Expect("src/linked/sub/new.cs");
        File.WriteAllText(folder.Beside("real/sub/new.cs"), "2");
        await folder.Expect("src/linked/sub/new.cs");
    }

    [Fact(Timeout = 60_000)]
    public async Task All_that_differs_when_a_link_leads_elsewhere()
    {
        await using var folder = await Project();
        foreach (var (path, text) in new[] { ("one/same.cs", "1"), ("one/other.cs", "1"), ("two/same.cs", "1"), ("two/other.cs", "2") })
        {
            Directory.CreateDirectory(folder.Beside(Path.GetDirectoryName(path)!));
            File.WriteAllText(folder.Beside(path), text);
        }
        Directory.CreateSymbolicLink(folder.At("src/linked"), folder.Beside("one"));
        await folder.Expect("src/linked/other.cs", "src/linked/same.cs");
        await folder.Adopt(Inputs(folder, "src/linked/other.cs", "src/linked/same.cs"));

        Directory.CreateSymbolicLink(folder.At("src/next"), folder.Beside("two"));
        await folder.Expect("src/next/other.cs", "src/next/same.cs");
        Directory.Delete(folder.At("src/linked"));
        await folder.Expect("src/linked/other.cs", "src/linked/same.cs");
        Directory.Move(folder.At("src/next"), folder.At("src/linked"));
        await folder.Expect("src/linked/other.cs", "src/linked/same.cs", "src/next/other.cs", "src/next/same.cs");
        await folder.Adopt(Inputs(folder, "src/linked/other.cs", "src/linked/same.cs"));
        File.WriteAllText(folder.Beside("two/other.cs"), "3");
        await folder.Expect("src/linked/other.cs");
    }

    [Fact(Timeout = 60_000)]
    public async Task Counts_when_the_file_that_a_link_waits_for_comes()
    {
        await using var folder = await Project();
        Directory.CreateDirectory(folder.At("lib"));
        File.CreateSymbolicLink(folder.At("src/link.cs"), folder.At("lib/target.cs"));
        await folder.Nothing("src/a.cs");
        await folder.Adopt(Inputs(folder));

        folder.Write("lib/target.cs", "1");
        await folder.Expect("src/link.cs");
        await folder.Adopt(Inputs(folder, "src/link.cs"));
        // All that an event names is the directory.
        Directory.Move(folder.At("lib"), folder.At("away"));
        await folder.Expect("src/link.cs");
    }

    [Fact(Timeout = 60_000)]
    public async Task Harmless_when_links_make_a_loop()
    {
        await using var folder = await Project();
        folder.Write("src/d/d.cs", "1");
        await folder.Expect("src/d/d.cs");
        Directory.CreateSymbolicLink(folder.At("src/d/loop"), folder.At("src"));
        Directory.CreateSymbolicLink(folder.At("src/d/up"), "..");
        File.CreateSymbolicLink(folder.At("src/d/self.cs"), folder.At("src/d/self.cs"));
        await folder.Adopt(Inputs(folder, "src/d/d.cs"));
        folder.Write("src/d/d.cs", "2");
        await folder.Expect("src/d/d.cs");
        folder.Write("src/d/e.cs", "1");
        await folder.Expect("src/d/e.cs");
    }

    private static async Task<WatchedFolder> Project()
    {
        var folder = new WatchedFolder();
        folder.Write("src/p.csproj", "1");
        folder.Write("src/a.cs", "1");
        await folder.Watch();
        await folder.Adopt(Inputs(folder));
        return folder;
    }

    private static BuildInputs Inputs(WatchedFolder folder, params string[] more) =>
        new() { Projects = [folder.At("src/p.csproj")], Files = [folder.At("src/a.cs"), .. more.Select(folder.At)] };
}
