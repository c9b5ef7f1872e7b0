using WatchReload.Control;

namespace WatchReload.Daemon.Tests.Watching;

/// <summary>What counts once a build has said what its inputs are.</summary>
public sealed class AdoptTests
{
    [Fact(Timeout = 60_000)]
    public async Task Only_inputs_count_when_evaluation_has_named_them()
    {
        await using var folder = Project();
        folder.Write("src/notes.txt", "1");
        folder.Write("readme.md", "1");
        await folder.Watch();
        await folder.Adopt(Inputs(folder));

        folder.Write("src/notes.txt", "2");
        folder.Write("readme.md", "2");
        folder.Write("other/new.cs", "1");
        folder.Write("src/a.cs", "2");
        await folder.Expect("src/a.cs");
        folder.Write("src/p.csproj", "2");
        await folder.Expect("src/p.csproj");
    }

    [Fact(Timeout = 60_000)]
    public async Task New_file_counts_when_it_lies_below_a_project_or_is_found_by_name()
    {
        await using var folder = Project();
        await folder.Watch();
        await folder.Adopt(Inputs(folder));
        folder.Write("src/sub/new.cs", "1");
        await folder.Expect("src/sub/new.cs");
        folder.Write("Directory.Build.props", "1");
        await folder.Expect("Directory.Build.props");
        folder.Write("src/.idea/workspace.xml", "1");
        folder.Write("src/global.json", "1");
        await folder.Expect("src/global.json");
    }

    [Fact(Timeout = 60_000)]
    public async Task New_file_counts_where_a_pattern_of_a_project_looks_outside_of_it()
    {
        await using var folder = Project();
        folder.Write("shared/s.cs", "1");
        Directory.CreateDirectory(folder.Beside("outer"));
        Directory.CreateDirectory(folder.Beside("deep/part"));
        await folder.Watch();
        await folder.Adopt(Inputs(folder) with { Patterns = [new(folder.At("shared"), "*.cs", IsDeep: true), new(folder.Beside("outer"), "*.cs", IsDeep: false), new(folder.Beside("deep"), "*.cs", IsDeep: true), new(folder.At("src/parts"), "*.json", IsDeep: true)] });
        folder.Write("shared/new.txt", "1");
        folder.Write("shared/more/new.cs", "1");
        await folder.Expect("shared/more/new.cs");
        await File.WriteAllTextAsync(folder.Beside("outer/new.txt"), "1", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(folder.Beside("outer/new.cs"), "1", TestContext.Current.CancellationToken);
        await folder.Expect("../outer/new.cs");
        await File.WriteAllTextAsync(folder.Beside("deep/part/new.cs"), "1", TestContext.Current.CancellationToken);
        await folder.Expect("../deep/part/new.cs");
        folder.Write("src/parts/.hidden/new.json", "1");
        await folder.Expect("src/parts/.hidden/new.json");
    }

    [Fact(Timeout = 60_000)]
    public async Task Outputs_that_an_IDE_writes_do_not_count_where_a_pattern_or_a_project_lies_outside_of_the_tree()
    {
        await using var folder = Project();
        foreach (var directory in (string[])["outer/lib/obj", "outer/bin", "made/obj/part", "away/obj", "away/deep/obj"])
            Directory.CreateDirectory(folder.Beside(directory));
        await File.WriteAllTextAsync(folder.Beside("away/away.csproj"), "1", TestContext.Current.CancellationToken);
        await WatchedFolder.Aged(folder.Beside("away/away.csproj"));
        await folder.Watch();
        var inputs = Inputs(folder);
        await folder.Adopt(inputs with
        {
            Projects = [.. inputs.Projects, folder.Beside("away/away.csproj")],
            Patterns = [new(folder.Beside("outer"), "*.json", IsDeep: true), new(folder.Beside("made/obj"), "*.json", IsDeep: true)],
        });

        foreach (var path in (string[])["outer/lib/obj/project.assets.json", "outer/bin/new.json", "away/obj/new.cs", "outer/lib/new.json"])
            await File.WriteAllTextAsync(folder.Beside(path), "1", TestContext.Current.CancellationToken);
        await folder.Expect("../outer/lib/new.json");
        await File.WriteAllTextAsync(folder.Beside("made/obj/part/new.json"), "1", TestContext.Current.CancellationToken);
        await folder.Expect("../made/obj/part/new.json"); // the pattern names the directory
        await File.WriteAllTextAsync(folder.Beside("away/deep/obj/new.cs"), "1", TestContext.Current.CancellationToken);
        await folder.Expect("../away/deep/obj/new.cs"); // the SDK takes it
    }

    [Fact(Timeout = 60_000)]
    public async Task Configuration_file_counts_when_it_comes_beside_a_file_that_is_linked_from_elsewhere()
    {
        await using var folder = Project();
        Directory.CreateDirectory(folder.Beside("outer"));
        await File.WriteAllTextAsync(folder.Beside("outer/linked.cs"), "1", TestContext.Current.CancellationToken);
        await WatchedFolder.Aged(folder.Beside("outer/linked.cs"));
        await folder.Watch();
        var inputs = Inputs(folder);
        await folder.Adopt(inputs with { Files = [.. inputs.Files, folder.Beside("outer/linked.cs")] });
        await File.WriteAllTextAsync(folder.Beside("outer/other.cs"), "1", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(folder.Beside("outer/.editorconfig"), "root = true", TestContext.Current.CancellationToken);
        await folder.Expect("../outer/.editorconfig");
    }

    [Fact(Timeout = 60_000)]
    public async Task New_file_no_longer_counts_when_the_next_evaluation_passes_it_over()
    {
        await using var folder = Project();
        await folder.Watch();
        await folder.Adopt(Inputs(folder));
        folder.Write("src/data.json", "1");
        await folder.Expect("src/data.json");

        await folder.Adopt(Inputs(folder));
        folder.Write("src/data.json", "2");
        File.Delete(folder.At("src/data.json"));
        folder.Write("src/data.json", "3");
        folder.Write("src/a.cs", "2");
        await folder.Expect("src/a.cs");
    }

    [Fact(Timeout = 60_000)]
    public async Task Counts_again_when_it_was_gone_while_the_project_was_evaluated()
    {
        await using var folder = Project();
        folder.Write("src/b.cs", "1");
        await folder.Watch();
        await folder.Adopt(Inputs(folder));

        File.Delete(folder.At("src/b.cs"));
        folder.Write("src/a.cs", "2");
        await folder.Expect("src/a.cs");
        await folder.Adopt(Inputs(folder));
        folder.Write("src/b.cs", "1");
        await folder.Expect("src/b.cs");
    }

    [Fact(Timeout = 60_000)]
    public async Task Everything_counts_when_evaluation_failed()
    {
        await using var folder = Project();
        await folder.Watch();
        await folder.Adopt(new BuildInputs());
        folder.Write("other/any.txt", "1");
        await folder.Expect("other/any.txt");
    }

    [Fact(Timeout = 60_000)]
    public async Task Input_outside_the_root_counts()
    {
        await using var folder = Project();
        Directory.CreateDirectory(folder.Beside("lib/sub"));
        var shared = folder.Beside("shared.props");
        var project = folder.Beside("lib/lib.csproj");
        var source = folder.Beside("lib/sub/l.cs");
        foreach (var file in new[] { shared, project, source })
            File.WriteAllText(file, "1");
        await WatchedFolder.Aged(shared, project, source);
        await folder.Watch();
        var inputs = Inputs(folder);
        await folder.Adopt(inputs with { Projects = [.. inputs.Projects, project], Files = [.. inputs.Files, source], Imports = [shared] });
        await folder.Nothing("src/a.cs");

        File.WriteAllText(source, "2");
        Assert.Equal([source], (await folder.Next()).Paths);
        File.WriteAllText(shared, "2");
        Assert.Equal([shared], (await folder.Next()).Paths);
        var added = folder.Beside("lib/new/n.cs");
        Directory.CreateDirectory(Path.GetDirectoryName(added)!);
        File.WriteAllText(added, "1");
        Assert.Equal([added], (await folder.Next()).Paths);
    }

    [Fact(Timeout = 60_000)]
    public async Task Input_outside_the_root_is_reported_when_it_was_edited_during_the_build()
    {
        await using var folder = Project();
        await folder.Watch();
        var shared = folder.Beside("shared.props");
        File.WriteAllText(shared, "edited while nobody watched it");
        folder.BeginAdopt(Inputs(folder) with { Imports = [shared] });
        Assert.Equal([shared], (await folder.Next()).Paths);
    }

    [Fact(Timeout = 60_000)]
    public async Task Input_counts_when_it_is_a_link_or_lies_behind_one()
    {
        await using var folder = Project();
        Directory.CreateDirectory(folder.Beside("real/sub"));
        File.WriteAllText(folder.Beside("real/sub/r.cs"), "1");
        File.WriteAllText(folder.Beside("target.cs"), "1");
        File.CreateSymbolicLink(folder.At("src/link.cs"), folder.Beside("target.cs"));
        Directory.CreateSymbolicLink(folder.At("src/linked"), folder.Beside("real"));
        await WatchedFolder.Aged(folder.Beside("real/sub/r.cs"), folder.Beside("target.cs"));
        await folder.Watch();
        var inputs = Inputs(folder);
        await folder.Adopt(inputs with { Files = [.. inputs.Files, folder.At("src/link.cs"), folder.At("src/linked/sub/r.cs")] });
        await folder.Nothing("src/a.cs");

        File.WriteAllText(folder.Beside("target.cs"), "2");
        await folder.Expect("src/link.cs");
        File.WriteAllText(folder.Beside("real/sub/r.cs"), "2");
        await folder.Expect("src/linked/sub/r.cs");
    }

    [Fact(Timeout = 60_000)]
    public async Task Globs_leave_inputs_out()
    {
        await using var folder = Project();
        folder.Write("src/gen/g.cs", "1");
        folder.Settings = folder.Settings with { Exclude = ["src/gen/*.cs"] };
        await folder.Watch();
        var inputs = Inputs(folder);
        await folder.Adopt(inputs with { Files = [.. inputs.Files, folder.At("src/gen/g.cs")] });
        folder.Write("src/gen/g.cs", "2");
        folder.Write("src/a.cs", "2");
        await folder.Expect("src/a.cs");
    }

    private static WatchedFolder Project()
    {
        var folder = new WatchedFolder();
        folder.Write("src/p.csproj", "1");
        folder.Write("src/a.cs", "1");
        return folder;
    }

    private static BuildInputs Inputs(WatchedFolder folder) => new() { Projects = [folder.At("src/p.csproj")], Files = [folder.At("src/a.cs")] };
}
