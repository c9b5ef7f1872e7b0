using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using WatchReload.Builder.Tests.Support;
using WatchReload.Control;

namespace WatchReload.Builder.Tests.Lanes;

/// <summary>Which edits of a program and of a library that it uses go as deltas to what a node has loaded.</summary>
public sealed class DeltaLaneTests : IAsyncLifetime
{
    private const string App = "App/App.csproj";
    private const string Program = "App/Program.cs";
    private const string Rates = "Lib/Rates.cs";
    private readonly Building _building = new();
    private Guid? _buildId;

    public async ValueTask InitializeAsync()
    {
        _building.Tree
            .Write("global.json", "{}")
            .Write("Directory.Build.props", "<Project />")
            .Write("Lib/Lib.csproj", Projects.Library())
            .Write(Rates, """
                namespace Lib;

                public sealed class Rates
                {
                    public int Of(int years) { return years * 2; }
                    // more of Rates
                }
                """)
            .Write("Lib/Entries.cs", """
                using System.Collections;

                namespace Lib;

                public sealed class Entries : IEnumerable
                {
                    private int _count = 3;
                    public override string ToString() { return $"{_count}"; }
                    IEnumerator IEnumerable.GetEnumerator() { yield return _count; }
                }

                public static class Extending
                {
                    public static string Shown(this Entries entries) { return "extension"; }
                    public static string Named() { return nameof(Shown); }
                }
                """)
            // As in the repository that ships with a service: what nodes have for all versions is a project beside it, and no code of the service.
            .Write("Actors/WatchReload.Actors.csproj", Projects.Library())
            .Write("Actors/ActorName.cs", "namespace WatchReload.Actors; public sealed class ActorName(string name) { public override string ToString() => name + Loudly(); private static string Loudly() => \"!\"; }")
            .Write("App/Names.cs", "namespace App; internal static class Names { internal static readonly WatchReload.Actors.ActorName Index = new(\"index\"); }")
            .Write(App, "<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><Nullable>enable</Nullable><ImplicitUsings>enable</ImplicitUsings></PropertyGroup><ItemGroup><ProjectReference Include=\"../Lib/Lib.csproj\" /><ProjectReference Include=\"../Actors/WatchReload.Actors.csproj\" /></ItemGroup></Project>")
            .Write(Program, """
                using Lib;

                namespace App;

                internal static class Program
                {
                    private static void Main() { Console.WriteLine(Said()); }
                    internal static string Said() { return $"{new Rates().Of(1)}"; }
                    // more of Program
                }

                internal sealed class Word
                {
                    private int _letters = 4;
                    public override string ToString() { return $"{_letters}"; }
                    // more of Word
                }
                """);
        var built = await Build(null);
        Assert.True(built.Succeeded, string.Join('\n', built.Diagnostics));
        await _building.Host.WarmUp(Request(null), TestContext.Current.CancellationToken);
        Loaded = [.. built.Outputs.Where(output => output.Kind == ReleaseFileKind.Hot).Select(output => new LoadedAssembly(Path.GetFileNameWithoutExtension(output.Path), Mvid(output.Source), 0))];
    }

    public async ValueTask DisposeAsync() => await _building.DisposeAsync();

    /// <summary>What a node that took all deltas has.</summary>
    private List<LoadedAssembly> Loaded { get; set; } = [];

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
        Loaded = [.. Loaded.Select(loaded => new LoadedAssembly(loaded.Name, Mvid(release.Outputs.Single(output => output.Path == $"{loaded.Name}.dll").Source), 0))];
        Edit(Program, "\"SLOWLY\"", "\"slowly\"");
        Assert.Equal(["App 1"], await Deltas());

        // A name that only that other project has is new to the service.
        Edit(Program, "// more of Word", "private string Loudly() { return ToString(); }\n    // more of Word");
        Assert.Equal(["App 2"], await Deltas());
        await Replayed("Actors/ActorName.cs", "\"!\"", "\"?\"", "WatchReload.Actors is not loaded as a part of the service");
    }

    [Fact(Timeout = 300_000)]
    public async Task Difference_of_a_save_that_was_noticed_is_made_before_it_is_asked_for_and_counts_while_the_tree_is_the_same()
    {
        Edit(Program, "new Rates().Of(1)", "new Rates().Of(2)");
        await Anticipate();
        Assert.True((await Delta()).Anticipated);
        Edit(Program, "new Rates().Of(2)", "new Rates().Of(3)");
        Assert.False((await Delta()).Anticipated);

        // The release of the tree is built, for a restart: the node has the deltas still.
        Assert.Equal(BuildLane.Replay, (await Build(null)).Lane);
        Edit(Program, "new Rates().Of(3)", "new Rates().Of(4)");
        await Anticipate();
        Assert.True((await Delta()).Anticipated);

        // It goes on being saved.
        Edit(Program, "{new Rates()", "first{new Rates()");
        await Anticipate();
        Edit(Program, "first", "second");
        var other = await Delta();
        Assert.Equal((false, false, true), (other.Anticipated, Has(other, "first"), Has(other, "second")));

        // Half of it is there, and then nothing for a moment.
        var text = await File.ReadAllTextAsync(_building.Tree[Program], TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(_building.Tree[Program], text[..(text.Length / 2)], TestContext.Current.CancellationToken);
        await Anticipate();
        File.Delete(_building.Tree[Program]);
        await Anticipate();
        await File.WriteAllTextAsync(_building.Tree[Program], text.Replace("second", "third", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        Assert.True(Has(await Delta(), "third"));

        // It is undone before anybody asks, and another project has an edit.
        Edit(Program, "third", "fourth");
        await Anticipate();
        Edit(Program, "fourth", "third");
        Edit(Rates, "years * 2", "years * 3");
        Assert.Equal(["Lib"], (await Delta()).Deltas.Select(delta => delta.Assembly));

        // What is no delta is replayed, as without it: the declarations of this were bound before it was asked for.
        Edit(Rates, "public int Of(int years)", "public int Of(int years, int more = 0)");
        await Anticipate();
        var replayed = await _building.Host.Build(Request(Loaded) with { Verify = true }, TestContext.Current.CancellationToken);
        Assert.Equal((true, BuildLane.Replay), (replayed.Succeeded, replayed.Lane));

        // And so is what has errors in them, until it has none.
        Edit(Rates, "int more = 0", "Missing? more = null");
        await Anticipate();
        var failed = await Build(Loaded);
        Assert.Equal((false, "CS0246"), (failed.Succeeded, Assert.Single(failed.Diagnostics).Code));
        Edit(Rates, "Missing? more = null", "int less = 1, int more = 0");
        await Anticipate();
        Edit(Rates, "int less = 1, int more = 0", "int more = 0, int most = 0");
        await Anticipate();
        Assert.Equal((true, BuildLane.Replay), (await Build(Loaded) is var mended ? (mended.Succeeded, mended.Lane) : default));
    }

    private Task Anticipate() => _building.Host.Anticipate(TestContext.Current.CancellationToken);

    /// <summary>What a node takes.</summary>
    private async Task<BuildOutcome> Delta()
    {
        var outcome = await Build(Loaded);
        Assert.True(outcome.LaneReason is null, outcome.LaneReason);
        Assert.Equal((true, BuildLane.Delta), (outcome.Succeeded, outcome.Lane));
        Loaded = [.. Loaded.Select(loaded => outcome.Deltas.FirstOrDefault(delta => delta.Assembly == loaded.Name) is { } delta ? loaded with { Generation = delta.Generation, Delta = delta.Id } : loaded)];
        return outcome;
    }

    private static bool Has(BuildOutcome outcome, string text) => outcome.Deltas.Any(delta => delta.Metadata.AsSpan().IndexOf(System.Text.Encoding.Unicode.GetBytes(text)) >= 0);

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

    /// <summary>The projects are evaluated for it, and nothing else is another.</summary>
    [Fact(Timeout = 300_000)]
    public async Task Files_with_types_may_come_and_those_that_go_are_replayed()
    {
        _building.Tree.Write("App/Greeting.cs", "namespace App; internal sealed record Greeting(string Name) { public string Said() { return $\"hello {Name}\"; } }");
        Edit(Program, "return $\"{new Rates()", "return new Greeting(\"ann\").Said() + $\"{new Rates()");
        var both = await Delta();
        Assert.Equal((false, "App.Greeting"), (Assert.Single(both.Deltas).Apart, Assert.Single(both.Deltas[0].Remade)));
        Assert.Contains(_building.Tree["App/Greeting.cs"], both.Inputs.Files);

        Edit("App/Greeting.cs", "hello", "HELLO");
        Assert.True(Has(await Delta(), "HELLO"));

        // First the file, then what uses it.
        _building.Tree.Write("Lib/Parts/Part.cs", "namespace Lib.Parts; internal static class Part { internal static int Seven() { return 7; } }");
        Assert.True(Assert.Single((await Delta()).Deltas).Apart);
        Edit(Rates, "return years * 2;", "return years * Parts.Part.Seven();");
        Assert.Equal(["Lib 2"], await Deltas());

        // What a restart loads is the same tree, as MSBuild makes it.
        var release = await _building.Host.Build(Request(null) with { Verify = true }, TestContext.Current.CancellationToken);
        Assert.Equal((true, BuildLane.Replay, 0), (release.Succeeded, release.Lane, release.Diagnostics.Count));

        Loaded = [.. Loaded.Select(loaded => new LoadedAssembly(loaded.Name, Mvid(release.Outputs.Single(output => output.Path == $"{loaded.Name}.dll").Source), 0))];
        File.Delete(_building.Tree["App/Greeting.cs"]);
        Edit(Program, "new Greeting(\"ann\").Said() + ", "");
        var gone = await Build(Loaded);
        Assert.Equal((true, BuildLane.Build, "files came or went, and a file that it was compiled from is gone"), (gone.Succeeded, gone.Lane, gone.LaneReason));
        Assert.False(Built(gone, "HELLO"));
    }

    /// <summary>Whatever is said of a delta, what is built is what was saved.</summary>
    [Fact(Timeout = 300_000)]
    public async Task Edits_are_built_with_the_files_that_come_with_them_when_there_can_be_no_delta()
    {
        var rebuilt = await _building.Host.Build(Request(null) with { Lane = BuildLane.Build }, TestContext.Current.CancellationToken);
        Assert.True(rebuilt.Succeeded);
        await _building.Host.WarmUp(Request(null), TestContext.Current.CancellationToken);
        _building.Tree.Write("App/Greeting.cs", "namespace App; internal sealed record Greeting(string Name) { public string Said() { return $\"hello {Name}\"; } }");
        Edit(Program, "return $\"{new Rates()", "return new Greeting(\"first\").Said() + $\"{new Rates()");

        var built = await Build(Loaded);

        Assert.Equal((true, BuildLane.Build, "files came or went, and what MSBuild built last is no release, so that content and packages may be others"), (built.Succeeded, built.Lane, built.LaneReason));
        Assert.True(Built(built, "hello"));
        Assert.True(Built(built, "first"));
    }

    private static bool Built(BuildOutcome outcome, string text) => File.ReadAllBytes(outcome.Outputs.Single(output => output.Path == "App.dll").Source).AsSpan().IndexOf(System.Text.Encoding.Unicode.GetBytes(text)) >= 0;

    private async Task MadeAnew(string was, string becomes)
    {
        Edit(Program, was, becomes);
        Assert.True(Assert.Single((await Delta()).Deltas).Apart);
        Edit(Program, becomes, was);
        Assert.True(Assert.Single((await Delta()).Deltas).Apart);
    }

    private async Task Replayed(string file, string was, string becomes, string why)
    {
        var before = await File.ReadAllTextAsync(_building.Tree[file], TestContext.Current.CancellationToken);
        Edit(file, was, becomes);
        var outcome = await Build(Loaded);
        Assert.Equal((true, BuildLane.Replay), (outcome.Succeeded, outcome.Lane));
        Assert.Contains(why, outcome.LaneReason, StringComparison.Ordinal);
        Assert.Empty(outcome.Deltas);
        await File.WriteAllTextAsync(_building.Tree[file], before, TestContext.Current.CancellationToken);
        Assert.True((await Build(null)).Succeeded);
    }

    /// <summary>Somebody gave up on what MSBuild built: the code is the same, and nobody has its content.</summary>
    [Fact(Timeout = 300_000)]
    public async Task There_is_no_delta_while_what_MSBuild_built_last_is_no_release()
    {
        Edit(Program, "new Rates().Of(1)", "new Rates().Of(2)");
        var released = _buildId;
        Assert.Equal(BuildLane.Replay, (await Build(null)).Lane);
        Assert.Equal(released, _buildId);
        Assert.Equal(["App 1"], await Deltas());

        var rebuilt = await _building.Host.Build(Request(null) with { Lane = BuildLane.Build }, TestContext.Current.CancellationToken);
        Assert.NotEqual(released, rebuilt.BuildId);
        await _building.Host.WarmUp(Request(null), TestContext.Current.CancellationToken);
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
        await _building.Host.WarmUp(Request(null), TestContext.Current.CancellationToken);

        Edit(Program, "new Rates().Of(2)", "new Rates().Of(3)");
        var outcome = await Build(Loaded); // the node refused it
        Assert.Equal((true, BuildLane.Replay, "how the App that is loaded was made is not known here"), (outcome.Succeeded, outcome.Lane, outcome.LaneReason));

        Loaded = [.. built.Outputs.Where(output => output.Kind == ReleaseFileKind.Hot).Select(output => new LoadedAssembly(Path.GetFileNameWithoutExtension(output.Path), Mvid(output.Source), 0))];
        Edit(Program, "new Rates().Of(3)", "new Rates().Of(4)");
        Assert.Equal(["App 1"], await Deltas()); // it has taken it
    }

    private async Task<IEnumerable<string>> Deltas()
    {
        var outcome = await Delta();
        return outcome.Deltas.Select(delta => $"{delta.Assembly} {delta.Generation}").Order(StringComparer.Ordinal);
    }

    private void Edit(string file, string was, string becomes)
    {
        var text = File.ReadAllText(_building.Tree[file]);
        Assert.Contains(was, text, StringComparison.Ordinal);
        File.WriteAllText(_building.Tree[file], text.Replace(was, becomes, StringComparison.Ordinal));
    }

    private BuildRequest Request(IReadOnlyList<LoadedAssembly>? loaded) => _building.Request(App, "Debug") with { Deltas = true, Loaded = loaded, BuildId = _buildId };

    /// <summary>Each outcome with outputs is a release.</summary>
    private async Task<BuildOutcome> Build(IReadOnlyList<LoadedAssembly>? loaded)
    {
        var outcome = await _building.Host.Build(Request(loaded), TestContext.Current.CancellationToken);
        if (outcome.Outputs.Count > 0)
            _buildId = outcome.BuildId;
        return outcome;
    }

    private static Guid Mvid(string image)
    {
        using var file = new PEReader(File.OpenRead(image));
        var metadata = file.GetMetadataReader();
        return metadata.GetGuid(metadata.GetModuleDefinition().Mvid);
    }
}
