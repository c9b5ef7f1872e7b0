using WatchReload.Builder.Tests.Support;
using WatchReload.Control;

namespace WatchReload.Builder.Tests.Lanes;

/// <summary>Which edits of a program and of a library that it uses go as deltas to what a node has loaded.</summary>
public sealed class DeltaLaneTests : DeltaLaneBed
{
    [Fact(Timeout = 300_000)]
    public async Task Edits_of_two_projects_are_one_delta_each_and_methods_that_came_by_delta_are_edited_by_delta()
    {
        Edit(Rates, "years * 2", "years * 3");
        Edit(Program, "new Rates().Of(1)", "new Rates().Of(2)");
        Assert.Equal(["App 1", "Lib 1"], await Deltas());

        Edit(Rates, "// more of Rates", "private int Doubled(int years) { return years * 2; }\n    // more of Rates");
        Edit(Rates, "return years * 3", "return Doubled(years)");
        Edit(Program, "// more of Program", "private static async Task<string> Slowly() { await Task.Yield(); return \"slowly\"; }\n    // more of Program");
        Edit(Program, "return $\"{new Rates()", "return Slowly().Result + $\"{new Rates()");
        Assert.Equal(["App 2", "Lib 2"], await Deltas());

        Edit(Program, "\"slowly\"", "\"SLOWLY\"");
        Assert.Equal(["App 3"], await Deltas());
        Edit(Rates, "private int Doubled(int years) { return years * 2; }", "private int Doubled(int years) { return years * 5; }");
        Assert.Equal(["Lib 3"], await Deltas());

        // What a restart loads is the same tree: then nothing is another.
        var release = await Build(null);
        Assert.Equal((true, BuildLane.Replay), (release.Succeeded, release.Lane));
        Loaded = [.. Loaded.Select(loaded => new LoadedAssembly(loaded.Name, LoadedImages.Mvid(release.Outputs.Single(output => output.Path == $"{loaded.Name}.dll").Source), 0))];
        Edit(Program, "\"SLOWLY\"", "\"slowly\"");
        Assert.Equal(["App 1"], await Deltas());

        // A name that only that other project has is new to the service.
        Edit(Program, "// more of Word", "private string Loudly() { return ToString(); }\n    // more of Word");
        Assert.Equal(["App 2"], await Deltas());
        await Replayed("Actors/ActorName.cs", "\"!\"", "\"?\"", "WatchReload.Actors is not loaded as a part of the service");
    }

    /// <summary>The difference has left the anonymous types of its compilation that it does not need without a name.</summary>
    [Fact(Timeout = 300_000)]
    public async Task A_project_with_anonymous_types_is_replayed_after_a_delta_as_MSBuild_makes_it()
    {
        Edit(Program, "return $\"{_letters}\"", "return $\"{Enumerable.Range(1, 3).Select(year => new { Year = year, Letters = _letters }).Sum(one => one.Letters)}\"");
        var first = await Build(null);
        Assert.Equal((true, BuildLane.Replay), (first.Succeeded, first.Lane));
        Loaded = [.. Loaded.Select(loaded => new LoadedAssembly(loaded.Name, LoadedImages.Mvid(first.Outputs.Single(output => output.Path == $"{loaded.Name}.dll").Source), 0))];
        Edit(Program, "new Rates().Of(1)", "new Rates().Of(2)"); // none of them is in it
        Assert.Equal(["App 1"], await Deltas());

        var replayed = await Build(null);

        Assert.Equal((true, BuildLane.Replay, null), (replayed.Succeeded, replayed.Lane, replayed.LaneReason));
        var image = LoadedImages.Mvid(replayed.Outputs.Single(output => output.Path == "App.dll").Source);
        var built = await Host.Build(Request(null) with { Lane = BuildLane.Build }, TestContext.Current.CancellationToken);
        Assert.Equal(image, LoadedImages.Mvid(built.Outputs.Single(output => output.Path == "App.dll").Source));
    }

    /// <summary>Each by itself; the file is put back. What changes is said by code that stays, so a delta would leave it as it was, or change what a load leaves.</summary>
    [Fact(Timeout = 300_000)]
    public async Task Methods_are_replayed_when_code_that_stays_may_mean_another_thing_by_them()
    {
        await Replayed(Rates, "// more of Rates", "public int Of(short years) { return 7; }", "came or went in Rates"); // overload resolution
        await Replayed(Rates, "// more of Rates", "public int Fresh() { return 7; }", "the added Fresh can be seen by other projects");
        await Replayed("Lib/Entries.cs", "private int _count", "public string Shown() { return \"hides the extension\"; } private int _count", "the name Shown already");
        await Replayed("Lib/Entries.cs", "private int _count", "private void Named() { } private int _count", "the name Named already");
        await Replayed("Lib/Entries.cs", "private int _count", "internal void Add(int entry) { _count = entry; } private int _count", "the added Add has a name that is looked up"); // collection initializers
        await Replayed(Program, "internal static string Said()", "internal static string Said(int times = 1)", "declaration of Said changed");
    }

    /// <summary>Each by itself; the file is put back, by a delta too.</summary>
    [Fact(Timeout = 300_000)]
    public async Task Types_that_no_other_project_sees_are_made_anew_when_more_of_them_changes_than_bodies()
    {
        await MadeAnew("// more of Word", "public void Deconstruct(out int a, out int b) { a = b = _letters; }");
        await MadeAnew("// more of Word", "public Word Select(Func<Word, Word> by) { return by(this); }"); // queries
        await MadeAnew("// more of Word", "public void Dispose() { }");
        await MadeAnew("private int _letters = 4;", "private long _letters = 5; public string? Said { get; init; }");

        // A static begins afresh with its type; the next edit would leave what it holds by then.
        Edit(Program, "private int _letters", "private static int _made; private int _letters");
        Assert.True(Assert.Single((await Delta()).Deltas).Apart);
        await Replayed(Program, "new Rates().Of(1)", "new Rates().Of(2)", "the static _made may hold what code has put there");
    }

    /// <summary>Somebody gave up on what MSBuild built: the code is the same, and nobody has its content.</summary>
    [Fact(Timeout = 300_000)]
    public async Task There_is_no_delta_while_what_MSBuild_built_last_is_no_release()
    {
        Edit(Program, "new Rates().Of(1)", "new Rates().Of(2)");
        var released = BuildId;
        Assert.Equal(BuildLane.Replay, (await Build(null)).Lane);
        Assert.Equal(released, BuildId);
        Assert.Equal(["App 1"], await Deltas());

        var rebuilt = await Host.Build(Request(null) with { Lane = BuildLane.Build }, TestContext.Current.CancellationToken);
        Assert.NotEqual(released, rebuilt.BuildId);
        await Host.WarmUp(Request(null), TestContext.Current.CancellationToken);
        Edit(Program, "new Rates().Of(2)", "new Rates().Of(3)");
        var outcome = await Build(Loaded);

        Assert.Equal((true, BuildLane.Replay, "what MSBuild built last is no release, so that content and packages may be others"), (outcome.Succeeded, outcome.Lane, outcome.LaneReason));
    }

    [Fact(Timeout = 300_000)]
    public async Task A_node_that_has_not_what_MSBuild_built_last_gets_no_delta_as_it_may_lack_more_than_code()
    {
        Edit(Program, "new Rates().Of(1)", "new Rates().Of(2)");
        Edit(App, "<ImplicitUsings>", "<!-- content, packages, whatever --><ImplicitUsings>");
        var built = await Build(Loaded);
        Assert.Equal((true, BuildLane.Build, "App.csproj changed"), (built.Succeeded, built.Lane, built.LaneReason));
        await Host.WarmUp(Request(null), TestContext.Current.CancellationToken);

        Edit(Program, "new Rates().Of(2)", "new Rates().Of(3)");
        var outcome = await Build(Loaded); // the node refused it
        Assert.Equal((true, BuildLane.Replay, "how the App that is loaded was made is not known here"), (outcome.Succeeded, outcome.Lane, outcome.LaneReason));

        Loaded = LoadedImages.From(built);
        Edit(Program, "new Rates().Of(3)", "new Rates().Of(4)");
        Assert.Equal(["App 1"], await Deltas()); // it has taken it
    }

    /// <summary>As vim does with its swap file, while a file is open.</summary>
    [Fact(Timeout = 300_000)]
    public async Task Body_goes_by_delta_though_an_editor_leaves_a_file_beside_it_and_takes_it_away()
    {
        var swap = Path.Combine(Path.GetDirectoryName(Tree[Program])!, ".Program.cs.swp");
        await File.WriteAllTextAsync(swap, "", TestContext.Current.CancellationToken);
        Edit(Program, "new Rates().Of(1)", "new Rates().Of(2)");
        Assert.Equal(["App 1"], await Deltas());

        await File.WriteAllTextAsync(Tree["App/More.cs"], "namespace App; internal static class More { internal static int One() => 1; }", TestContext.Current.CancellationToken);
        Assert.Equal(["App 2"], await Deltas());

        File.Delete(swap);
        Edit(Program, "new Rates().Of(2)", "More.One()");
        Assert.Equal(["App 3"], await Deltas());
    }

    /// <summary>It is an input then, whatever its name.</summary>
    [Theory(Timeout = 300_000)]
    [InlineData("AdditionalFiles")]
    [InlineData("EmbeddedResource")]
    public async Task Body_goes_by_MSBuild_when_an_editor_leaves_a_file_where_the_project_takes_all_files(string items)
    {
        Tree.Write("App/data/a.txt", "a");
        Edit(App, "</Project>", $"<ItemGroup><{items} Include=\"data/**\" /></ItemGroup></Project>");
        Assert.Equal(BuildLane.Build, (await Build(Loaded)).Lane);
        await Host.WarmUp(Request(null), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Tree["App/data/b.txt~"], "b", TestContext.Current.CancellationToken);
        Edit(Program, "new Rates().Of(1)", "new Rates().Of(2)");

        var outcome = await Build(Loaded);

        Assert.Equal((true, BuildLane.Build), (outcome.Succeeded, outcome.Lane));
    }

    /// <summary>The types may be refused after their application, and the bodies could not be taken back.</summary>
    [Fact(Timeout = 300_000)]
    public async Task Bodies_of_one_project_are_replayed_with_types_of_another()
    {
        Edit(Rates, "years * 2", "years * 3");
        Edit(Program, "private int _letters = 4;", "private long _letters = 5;");

        var built = await Build(Loaded);

        Assert.Equal((true, BuildLane.Replay, "bodies of Lib would be replaced with types of another project that may be refused"), (built.Succeeded, built.Lane, built.LaneReason));
    }

    private async Task MadeAnew(string was, string becomes)
    {
        Edit(Program, was, becomes);
        Assert.True(Assert.Single((await Delta()).Deltas).Apart);
        Edit(Program, becomes, was);
        Assert.True(Assert.Single((await Delta()).Deltas).Apart);
    }

    private async Task Replayed(string file, string was, string becomes, string why)
    {
        var before = await File.ReadAllTextAsync(Tree[file], TestContext.Current.CancellationToken);
        Edit(file, was, becomes);
        var outcome = await Build(Loaded);
        Assert.Equal((true, BuildLane.Replay), (outcome.Succeeded, outcome.Lane));
        Assert.Contains(why, outcome.LaneReason, StringComparison.Ordinal);
        Assert.Empty(outcome.Deltas);
        await File.WriteAllTextAsync(Tree[file], before, TestContext.Current.CancellationToken);
        Assert.True((await Build(null)).Succeeded);
    }
}
