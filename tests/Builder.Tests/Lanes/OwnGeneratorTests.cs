using WatchReload.Builder.Tests.Support;
using WatchReload.Control;

namespace WatchReload.Builder.Tests.Lanes;

/// <summary>A generator that lies in the tree, made of a library and run on the program: what it runs on is replayed as the rest, and what it is made of is MSBuild's.</summary>
public sealed class OwnGeneratorTests : IAsyncLifetime
{
    private const string App = "App/App.csproj";
    private const string Program = "App/Program.cs";
    private const string Generator = "Gen/Gen.cs";
    private const string Part = "Part/Part.cs";
    private const string Greeted = "return $\"";
    private const string Roslyn = "<Reference Include=\"Microsoft.CodeAnalysis\" HintPath=\"$(RoslynTargetsPath)/bincore/Microsoft.CodeAnalysis.dll\" Private=\"false\" />";

    private readonly Building _building = new();
    private string _configuration = "Release";

    private Tree Tree => _building.Tree;

    public async ValueTask InitializeAsync()
    {
        Tree
            .Write("global.json", "{}")
            .Write("Part/Part.csproj", Projects.Library())
            .Write(Part, "namespace Part; public static class Words { public static string Of(int classes) => $\"one {classes}\"; }")
            .Write("Gen/Gen.csproj", Projects.Library(items: Roslyn + "<ProjectReference Include=\"../Part/Part.csproj\" />"))
            .Write(Generator, """
                using Microsoft.CodeAnalysis;

                namespace Gen;

                [Generator]
                public sealed class WordGenerator : IIncrementalGenerator
                {
                    public void Initialize(IncrementalGeneratorInitializationContext context) => context.RegisterSourceOutput(context.CompilationProvider, (output, compilation) =>
                        output.AddSource("Words.cs", $"internal static class Words {{ public const string All = \"{Text(compilation)}\"; }}"));

                    private static string Text(Compilation compilation)
                    {
                        return $"{Part.Words.Of(compilation.Assembly.TypeNames.Count)}";
                    }
                }
                """)
            .Write("Library/Library.csproj", Projects.Library())
            .Write("Library/Library.cs", "namespace Library; public static class Numbers { public static int One() => 1; }")
            .Write(App, Projects.Library("<OutputType>Exe</OutputType>", "<ProjectReference Include=\"../Library/Library.csproj\" /><ProjectReference Include=\"../Gen/Gen.csproj;../Part/Part.csproj\" OutputItemType=\"Analyzer\" ReferenceOutputAssembly=\"false\" />"))
            .Write(Program, "System.Console.WriteLine($\"{Words.All} {Library.Numbers.One()}\");\n");
        await Ready();
    }

    public async ValueTask DisposeAsync() => await _building.DisposeAsync();

    /// <summary>By the lane that is told; what is replayed as a clean build makes it.</summary>
    [Fact(Timeout = 600_000)]
    public async Task What_it_runs_on_is_replayed_and_what_it_is_made_of_is_built()
    {
        Edit(Program, "{Words.All} ", "{Words.All}, ");
        await Made(BuildLane.Replay, null, "one 1");

        Edit(Program, "System.Console", "_ = new More();\nSystem.Console");
        Tree.Write("App/More.cs", "internal sealed class More;");
        await Made(BuildLane.Build, "files came or went", "one 2");

        Edit("Library/Library.cs", "=> 1", "=> 2");
        await Made(BuildLane.Replay, null, "one 2");

        Edit(Generator, Greeted, Greeted + "generated ");
        await Made(BuildLane.Build, "Gen.cs changed, which is in a generator or analyzer (Gen.csproj)", "generated one 2");

        await Ready();
        Edit(Program, "{Words.All}, ", "{Words.All} ");
        await Made(BuildLane.Replay, null, "generated one 2");

        Edit(Part, "one", "two");
        await Made(BuildLane.Build, "Part.cs changed, which is in a generator or analyzer (Part.csproj)", "generated two 2");

        await Ready();
        Edit(Program, "{Words.All} ", "{Words.All}; ");
        await Made(BuildLane.Replay, null, "generated two 2");

        Tree.Write("Gen/Unused.cs", "namespace Gen; internal sealed class Unused;");
        Edit(Program, "{Words.All}; ", "{Words.All} ");
        await Made(BuildLane.Build, "files came or went, and Gen.csproj is not compiled here", "generated two 2");
    }

    /// <summary>What is compiled with it again would be so with the generator as it was.</summary>
    [Fact(Timeout = 600_000)]
    public async Task Source_that_is_linked_to_both_is_the_generators()
    {
        const string Linked = "<ItemGroup><Compile Include=\"../Shared.cs\" Link=\"Shared.cs\" /></ItemGroup></Project>";
        Tree.Write("Shared.cs", "internal static class Shared { internal const string Sign = \"?\"; }");
        Edit(App, "</Project>", Linked);
        Edit("Part/Part.csproj", "</Project>", Linked);
        Edit(Part, "{classes}", "{classes}{Shared.Sign}");
        await Ready();
        Edit("Shared.cs", "?", "!");

        await Made(BuildLane.Build, "Shared.cs changed, which is in a generator or analyzer (Part.csproj)", "one 2!");
    }

    [Fact(Timeout = 600_000)]
    public async Task One_that_looks_beyond_what_it_is_given_is_left_to_MSBuild()
    {
        Edit(Part, "=> $\"one {classes}\"", "=> System.IO.File.Exists(\"/words.txt\") ? \"\" : $\"one {classes}\"");
        await Ready();
        Edit(Program, "{Words.All} ", "{Words.All}, ");

        await Made(BuildLane.Build, "App.csproj has a generator or analyzer that looks beyond what it is given, as Part.dll uses System.IO.File (Gen.dll)", "one 1");
    }

    [Fact(Timeout = 600_000)]
    public async Task One_that_may_remember_what_it_ran_on_is_left_to_MSBuild()
    {
        Edit(Part, "=> $\"one {classes}\"", "=> $\"one {++s_asked - s_asked + classes}\"; private static int s_asked");
        await Ready();
        Edit(Program, "{Words.All} ", "{Words.All}, ");

        await Made(BuildLane.Build, "App.csproj has a generator or analyzer that may remember what it ran on before, as Part.dll writes Words.s_asked (Gen.dll)", "one 1");
    }

    /// <summary>What it keeps where nobody looks tells whether it has seen them.</summary>
    [Fact(Timeout = 600_000)]
    public async Task Edits_that_nobody_makes_are_not_shown_to_it()
    {
        _configuration = "Debug";
        Tree.Write("App/More.cs", "internal sealed class More { internal int One() { return 1; } }");
        Edit(Generator, "private static string Text", "private static readonly System.Collections.Generic.List<string> Seen = [];\n\n    private static string Text");
        Edit(Generator, Greeted, """
            foreach (var tree in compilation.SyntaxTrees)
            {
                if (tree.ToString() is { } text && (text.Contains("_added") || text.Contains("{ ;")))
                    Seen.Add(text);
            }
            return $"{(Seen.Count > 0 ? "practised " : "")}
            """);
        await Ready();
        Assert.True(await _building.Host.BecomesReady(TestContext.Current.CancellationToken));
        Edit(Program, "{Words.All} ", "{Words.All}, ");

        await Made(BuildLane.Replay, null, "one 2");
    }

    /// <summary>It may do so here alone.</summary>
    [Fact(Timeout = 600_000)]
    public async Task Where_it_throws_MSBuild_decides()
    {
        File.AppendAllText(Tree[Generator], """

            [Generator]
            public sealed class OtherGenerator : IIncrementalGenerator
            {
                public void Initialize(IncrementalGeneratorInitializationContext context) => context.RegisterSourceOutput(context.CompilationProvider, (output, compilation) =>
                {
                    if (compilation.Assembly.TypeNames.Contains("More"))
                        throw new System.InvalidOperationException("no more");
                });
            }
            """);
        await Ready();
        Edit(Program, "{Words.All} ", "{Words.All}, ");
        await Made(BuildLane.Replay, null, "one 1");

        File.AppendAllText(Tree[Program], "internal sealed class More;");
        await Made(BuildLane.Build, "OtherGenerator, a generator of the tree, threw: no more", "one 2");
    }

    private BuildRequest Request() => _building.Request(App, _configuration) with { Deltas = _configuration == "Debug" };

    private async Task Ready()
    {
        var outcome = await Build();
        Assert.True(outcome.Succeeded, string.Join('\n', outcome.Diagnostics));
        await _building.Host.WarmUp(Request(), TestContext.Current.CancellationToken);
    }

    private Task<BuildOutcome> Build() => _building.Host.Build(Request(), TestContext.Current.CancellationToken);

    private async Task Made(BuildLane lane, string? reason, string text)
    {
        var outcome = await Build();
        Assert.True(outcome.Succeeded, string.Join('\n', outcome.Diagnostics));
        Assert.Equal((lane, reason), (outcome.Lane, outcome.LaneReason));
        var made = outcome.Outputs.ToDictionary(output => output.Path, output => File.ReadAllBytes(output.Source));
        Assert.True(made["App.dll"].AsSpan().IndexOf(System.Text.Encoding.Unicode.GetBytes(text)) > 0, $"{text} is not in what is made");
        if (lane == BuildLane.Build)
            return;
        var clean = await CleanBuild.Run(Request(), isAlone: true);
        Assert.True(clean.ExitCode == 0, clean.Output);
        foreach (var file in (string[])["App.dll", "App.pdb", "Library.dll", "Library.pdb"])
            Assert.Equal(clean.Files[file], made[file]);
    }

    private void Edit(string file, string was, string becomes)
    {
        var text = File.ReadAllText(Tree[file]);
        Assert.Contains(was, text, StringComparison.Ordinal);
        Tree.Write(file, text.Replace(was, becomes, StringComparison.Ordinal));
    }
}
