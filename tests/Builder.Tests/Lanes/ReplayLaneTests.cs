using WatchReload.Builder.Tests.Support;
using WatchReload.Control;

namespace WatchReload.Builder.Tests.Lanes;

/// <summary>What a replay gives is compared with what MSBuild then makes of the same tree in the same place, byte for byte.</summary>
[Collection(nameof(ThreeProjects))]
public sealed class ReplayLaneTests(ThreeProjects projects)
{
    /// <summary>Each by itself: the file is put back before the next.</summary>
    private static readonly (string File, string Was, string Becomes)[] _edits =
    [
        (ThreeProjects.Program, "hello", "good evening"),
        (ThreeProjects.Program, "// of the program", "// of the whole program\n\n"),
        (ThreeProjects.Greeter, "yield return name;", "yield return name; yield return name.ToUpperInvariant();"),
        (ThreeProjects.Greeter, "internal static unsafe int First", "internal static unsafe int Second(int* p) => p[1];\n    internal static unsafe int First"),
        ("Middle/Reader.cs", "static class Reader", "static class Teller"),
        ("Middle/Log.cs", "Greeted {Name}", "Has greeted {Name}"),
        ("Middle/Shape.cs", "int Width", "int Width, int Depth"),
        (ThreeProjects.Number, "=> 42", "=> 43"),
        (ThreeProjects.Number, "public int Value() => 42;", "public int Value() => 42; public long Wide() => 42;"),
        (ThreeProjects.Number, "public int Value() => 42;", "public int Value() => 42; private int _hidden = 1; public int Hidden() => _hidden;"),
    ];

    [Theory(Timeout = 600_000)]
    [InlineData("Release")]
    [InlineData("Debug")]
    public async Task Makes_what_MSBuild_makes_when_a_source_changes(string configuration)
    {
        await projects.Ready(configuration: configuration);
        var replays = new List<(BuildOutcome Outcome, Dictionary<string, string> Images)>();
        foreach (var (file, was, becomes) in _edits)
        {
            using var edit = projects.Edit(file, was, becomes);
            var replayed = await projects.Build(configuration: configuration);
            Assert.Equal((true, BuildLane.Replay, null), (replayed.Succeeded, replayed.Lane, replayed.LaneReason));
            replays.Add((replayed, ThreeProjects.Images(replayed)));
        }
        foreach (var ((file, was, becomes), (replayed, images)) in _edits.Zip(replays))
        {
            using var edit = projects.Edit(file, was, becomes);
            var built = await projects.Build(BuildLane.Build, configuration: configuration);
            Assert.Equal(BuildLane.Build, built.Lane);
            Assert.True(ThreeProjects.Images(built).OrderBy(image => image.Key).SequenceEqual(images.OrderBy(image => image.Key)), $"{file}: {was} -> {becomes}");
            Assert.Equal(built.Outputs.Select(output => output.Path), replayed.Outputs.Select(output => output.Path));
            Assert.Equal((built.EntryAssembly, built.ActorsVersion, built.Runtime, built.Sdk), (replayed.EntryAssembly, replayed.ActorsVersion, replayed.Runtime, replayed.Sdk));
        }
        Assert.Equal(_edits.Length, replays.Select(replay => replay.Images["App.dll"] + replay.Images["Middle.dll"] + replay.Images["Bottom.dll"]).Distinct().Count());
    }

    /// <summary>The file itself is not for the replay lane; what is compiled after it is made of it.</summary>
    [Theory(Timeout = 600_000)]
    [InlineData("Release")]
    [InlineData("Debug")]
    public async Task Makes_what_MSBuild_makes_of_additional_files_and_of_sources_that_a_generator_reads(string configuration)
    {
        await projects.Ready(configuration: configuration);
        var first = ThreeProjects.Images(await projects.Build(configuration: configuration));
        using var words = projects.Edit(ThreeProjects.Words, "one", "another");
        var built = await projects.Build(configuration: configuration);
        Assert.Equal((true, BuildLane.Build, "Words.txt changed"), (built.Succeeded, built.Lane, built.LaneReason));
        Assert.NotEqual(first["Middle.dll"], ThreeProjects.Images(built)["Middle.dll"]);
        await projects.Ready(configuration: configuration);
        using var source = projects.Edit("Middle/Reader.cs", "Read.Classes; }", "Read.Classes; } internal class Other;");
        var replayed = await projects.Build(configuration: configuration);
        Assert.Equal((true, BuildLane.Replay, null), (replayed.Succeeded, replayed.Lane, replayed.LaneReason));
        var images = ThreeProjects.Images(replayed);
        Assert.Equal(ThreeProjects.Images(await projects.Build(BuildLane.Build, configuration: configuration)), images);
        using var added = projects.Add("Middle/More.txt", "more");
        var more = await projects.Build(configuration: configuration);
        Assert.Equal((true, BuildLane.Build), (more.Succeeded, more.Lane));
        Assert.NotEqual(images["Middle.dll"], ThreeProjects.Images(more)["Middle.dll"]);
        added.Dispose();
        Assert.Equal(images["Middle.dll"], ThreeProjects.Images(await projects.Build(configuration: configuration))["Middle.dll"]);
    }

    [Fact(Timeout = 300_000)]
    public async Task Makes_what_MSBuild_makes_after_edits_one_upon_the_other_and_back()
    {
        await projects.Ready();
        using var surface = projects.Edit(ThreeProjects.Number, "public int Value() => 42;", "public int Value() => 42; public string More() => Value().ToString();");
        Assert.Equal(BuildLane.Replay, (await projects.Build()).Lane);
        using (projects.Edit(ThreeProjects.Greeter, "new Number().Value()", "new Number().More().Length"))
            Assert.Equal(BuildLane.Replay, (await projects.Build()).Lane);
        var replayed = await projects.Build();
        Assert.Equal(BuildLane.Replay, replayed.Lane);
        var images = ThreeProjects.Images(replayed);
        Assert.Equal(ThreeProjects.Images(await projects.Build(BuildLane.Build)), images);
    }

    [Fact(Timeout = 300_000)]
    public async Task Leaves_a_dependent_as_it_is_when_only_bodies_changed_below_it()
    {
        await projects.Build(BuildLane.Build); // images of another test's replays are newest no more
        await projects.Ready();
        using var edit = projects.Edit(ThreeProjects.Number, "=> 42", "=> 44");
        var replayed = await projects.Build();
        string Source(string name) => replayed.Outputs.Single(output => output.Path == name).Source;
        var replays = $"{Path.DirectorySeparatorChar}replay{Path.DirectorySeparatorChar}";
        Assert.Contains(replays, Source("Bottom.dll"), StringComparison.Ordinal);
        Assert.DoesNotContain(replays, Source("Middle.dll"), StringComparison.Ordinal);
        Assert.DoesNotContain(replays, Source("App.dll"), StringComparison.Ordinal);
    }

    [Fact(Timeout = 300_000)]
    public async Task Says_of_broken_sources_what_MSBuild_says_and_goes_on_when_they_are_mended()
    {
        await projects.Ready();
        IReadOnlyList<string> replayed;
        using (projects.Edit(ThreeProjects.Number, "=> 42", "=> fortytwo"))
        using (projects.Edit(ThreeProjects.Program, "hello", "nothing\" + nothing + \""))
        {
            var broken = await projects.Build();
            Assert.Equal((BuildLane.Replay, false, broken.LaneReason), (broken.Lane, broken.Succeeded, broken.LaneReason));
            replayed = Places(broken);
        }
        var mended = await projects.Build();
        Assert.Equal((BuildLane.Replay, true), (mended.Lane, mended.Succeeded));
        var images = ThreeProjects.Images(mended);
        Assert.Equal(ThreeProjects.Images(await projects.Build(BuildLane.Build)), images);
        Assert.Equal([$"CS0103 {projects.Tree[ThreeProjects.Number]}(7,27,7,35)"], replayed);
    }

    [Fact(Timeout = 300_000)]
    public async Task Gives_the_verdict_of_warnings_as_errors_and_of_analyzers()
    {
        await projects.Ready();
        using var edit = projects.Edit("Middle/Shape.cs", "// more", "public static class Text { public static bool Is(string a) { string? b = null; return a.ToLower() == b!.Trim(); } public static void Unused() { int nobody = 1; } }");
        var replayed = await projects.Build();
        Assert.Equal(BuildLane.Replay, replayed.Lane);
        var built = await projects.Build(BuildLane.Build);
        Assert.Equal(Places(built), Places(replayed));
        Assert.False(replayed.Succeeded);
        Assert.Contains(replayed.Diagnostics, diagnostic => diagnostic is { Severity: DiagnosticSeverity.Error, Code: "CA1304" });
        Assert.Contains(replayed.Diagnostics, diagnostic => diagnostic is { Severity: DiagnosticSeverity.Warning, Code: "CS0219" });
    }

    [Fact(Timeout = 300_000)]
    public async Task Says_all_that_MSBuild_says_when_a_warning_of_a_declaration_counts_as_an_error()
    {
        await projects.Ready();
        using var edit = projects.Edit("Middle/Shape.cs", "// more", "public class First { public int X; } public class Second : First { public int X; public int Y() => nothing; }");
        var replayed = await projects.Build();
        Assert.Equal(BuildLane.Replay, replayed.Lane);
        Assert.Equal(["CS0103", "CS0108"], replayed.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Select(diagnostic => diagnostic.Code).Order(StringComparer.Ordinal));
        Assert.Equal(Places(await projects.Build(BuildLane.Build)), Places(replayed));
    }

    [Fact(Timeout = 300_000)]
    public async Task Makes_what_MSBuild_makes_when_sources_come_and_go()
    {
        await projects.Ready();
        var replays = new List<Dictionary<string, string>>();
        async Task Built(BuildLane lane)
        {
            var outcome = await projects.Build(lane);
            Assert.Equal((true, BuildLane.Build, lane == BuildLane.Auto ? "files came or went" : "asked for"), (outcome.Succeeded, outcome.Lane, outcome.LaneReason));
            Assert.Contains(projects.Tree["Bottom/Another.cs"], outcome.Inputs.Files);
            // Where a replay has written, not MSBuild.
            Assert.Equal(lane == BuildLane.Auto, outcome.Outputs.Single(output => output.Path == "Bottom.dll").Source.Contains("replay", StringComparison.Ordinal));
            replays.Add(ThreeProjects.Images(outcome));
        }

        using (projects.Add("Bottom/Another.cs", "namespace Bottom; public class Another { public int Five() => 5; }"))
        {
            using var used = projects.Edit(ThreeProjects.Number, "=> 42", "=> new Another().Five()");
            using var seen = projects.Edit(ThreeProjects.Greeter, "new Number().Value()", "new Another().Five()");
            await Built(BuildLane.Auto);
            using (projects.Add("Middle/Aaa/First.cs", "namespace Middle; internal record First(int One);"))
                await Built(BuildLane.Auto);
            await projects.Build(); // gone again
            await Built(BuildLane.Build);
        }
        Assert.Equal(replays[2], replays[0]);
        Assert.NotEqual(replays[1]["Middle.dll"], replays[0]["Middle.dll"]);
        Assert.Equal(replays[1]["Bottom.dll"], replays[0]["Bottom.dll"]);
    }

    /// <summary>In watch nobody waits for the analyzers of what was not touched: MSBuild has had them.</summary>
    [Fact(Timeout = 300_000)]
    public async Task Proved_projects_are_not_compiled_again_for_analyzers_that_MSBuild_has_run()
    {
        await projects.Ready(deltas: true);
        using var edit = projects.Edit(ThreeProjects.Program, "hello", "hello there");
        var replayed = await projects.Build(deltas: true);
        Assert.Equal((true, BuildLane.Replay, false), (replayed.Succeeded, replayed.Lane, replayed.AnalyzersPending));
        Assert.DoesNotContain("replay", replayed.Outputs.Single(output => output.Path == "Bottom.dll").Source, StringComparison.Ordinal);
    }

    [Fact(Timeout = 300_000)]
    public async Task Makes_what_MSBuild_makes_of_sources_that_links_lead_to()
    {
        projects.Tree.Write("shared/Shared.cs", "namespace Bottom; public class Shared { public int Five() => 5; }").Write("One.cs", "namespace Bottom; public class One { public int Six() => 6; }");
        Directory.CreateSymbolicLink(projects.Tree["Bottom/shared"], projects.Tree["shared"]);
        File.CreateSymbolicLink(projects.Tree["Bottom/One.cs"], projects.Tree["One.cs"]);
        try
        {
            await projects.Ready();
            using var directory = projects.Edit("shared/Shared.cs", "=> 5", "=> 55");
            using var file = projects.Edit("One.cs", "=> 6", "=> 66");
            var replayed = await projects.Build();
            Assert.Equal((true, BuildLane.Replay, null), (replayed.Succeeded, replayed.Lane, replayed.LaneReason));
            var images = ThreeProjects.Images(replayed);
            Assert.Equal(ThreeProjects.Images(await projects.Build(BuildLane.Build)), images);
            Assert.Contains("replay", replayed.Outputs.Single(output => output.Path == "Bottom.dll").Source, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(projects.Tree["Bottom/One.cs"]);
            Directory.Delete(projects.Tree["Bottom/shared"]);
        }
    }

    [Fact(Timeout = 300_000)]
    public async Task Leaves_a_new_file_to_MSBuild_when_it_is_more_than_a_source()
    {
        await projects.Ready();
        using var added = projects.Add("Middle/More.resx", await File.ReadAllTextAsync(projects.Tree["Middle/Texts.resx"], TestContext.Current.CancellationToken));
        var outcome = await projects.Build();
        Assert.Equal((true, BuildLane.Build, "files came or went, and more than the source files of Middle.csproj changed"), (outcome.Succeeded, outcome.Lane, outcome.LaneReason));
        Assert.DoesNotContain("replay", outcome.Outputs.Single(output => output.Path == "Middle.dll").Source, StringComparison.Ordinal);
    }

    [Fact(Timeout = 300_000)]
    public async Task Has_MSBuild_make_the_same_too_when_it_is_to_be_verified()
    {
        await projects.Ready();
        var own = (await projects.Build(BuildLane.Build)).Outputs.Single(output => output.Path == "Middle.dll").Source;
        await projects.Ready();
        var before = await File.ReadAllBytesAsync(own, TestContext.Current.CancellationToken);
        using (projects.Edit(ThreeProjects.Greeter, "yield return name;", "yield return name + name;"))
        {
            var verified = await projects.Verify();

            Assert.Equal((true, BuildLane.Replay, null), (verified.Succeeded, verified.Lane, verified.LaneReason));
            Assert.DoesNotContain(verified.Diagnostics, diagnostic => diagnostic.Code == "WRB010");
            var replayed = verified.Outputs.Single(output => output.Path == "Middle.dll").Source;
            Assert.NotEqual(own, replayed);
            var built = await File.ReadAllBytesAsync(own, TestContext.Current.CancellationToken);
            Assert.NotEqual(before, built); // MSBuild was there
            Assert.Equal(built, await File.ReadAllBytesAsync(replayed, TestContext.Current.CancellationToken));
        }

        using (projects.Edit(ThreeProjects.Number, "=> 42", "=> fortytwo"))
        {
            var broken = await projects.Verify();
            Assert.Equal((false, BuildLane.Replay), (broken.Succeeded, broken.Lane));
            Assert.Equal(["CS0103"], broken.Diagnostics.Select(diagnostic => diagnostic.Code).Distinct());
        }

        Assert.Equal(BuildLane.Replay, (await projects.Build()).Lane); // what is ready is ready still
    }

    [Fact(Timeout = 300_000)]
    public async Task Takes_what_MSBuild_makes_and_says_so_when_a_replay_that_is_verified_makes_another()
    {
        // Of its own: nobody knows that what the generator reads is an input, so what was made of it stays.
        await using var own = new ThreeProjects();
        await own.InitializeAsync();
        await own.Ready();
        await File.WriteAllTextAsync(ReadingGenerator.Aside(own.Tree), "aside", TestContext.Current.CancellationToken);
        using var edit = own.Edit(ThreeProjects.Greeter, "yield return name;", "yield return name + name;");

        var verified = await own.Verify();

        // The first of those that are others: it sees the internals of the one that the generator is of.
        Assert.Equal((true, BuildLane.Build, "the replay makes another App.dll than MSBuild"), (verified.Succeeded, verified.Lane, verified.LaneReason));
        Assert.Contains("the replay lane makes another App.dll than MSBuild", Assert.Single(verified.Diagnostics, diagnostic => diagnostic.Code == "WRB010").Message, StringComparison.Ordinal);
        var taken = verified.Outputs.Single(output => output.Path == "Middle.dll").Source;
        Assert.DoesNotContain("replay", taken, StringComparison.Ordinal);
        // A constant, as metadata has it.
        Assert.True((await File.ReadAllBytesAsync(taken, TestContext.Current.CancellationToken)).AsSpan().IndexOf(System.Text.Encoding.Unicode.GetBytes("aside")) > 0);
    }

    private static IReadOnlyList<string> Places(BuildOutcome outcome) =>
        [.. outcome.Diagnostics.Select(diagnostic => $"{diagnostic.Code} {diagnostic.File}({diagnostic.Line},{diagnostic.Column},{diagnostic.EndLine},{diagnostic.EndColumn})").Order(StringComparer.Ordinal)];
}
