using System.Text;
using WatchReload.Builder.Tests.Support;
using WatchReload.Control;

namespace WatchReload.Builder.Tests.Lanes;

/// <summary>Files that come where no look at the projects' directories finds them: a build that is begun with the compilations at hand must have them all the same.</summary>
public sealed class ElsewhereTests : IAsyncDisposable
{
    private const string App = "src/App/App.csproj";
    private readonly Building _building = new();

    public ValueTask DisposeAsync() => _building.DisposeAsync();

    [Fact(Timeout = 300_000)]
    public async Task File_of_a_shared_project_is_compiled_when_it_comes()
    {
        await Ready("""<Import Project="../../shared/Shared.projitems" />""", shared: """<Compile Include="$(MSBuildThisFileDirectory)**/*.cs" />""");
        _building.Tree.Write("shared/deep/New.cs", "namespace App; public static class New { public static string It => \"news\"; }");
        var outcome = await Edited("New.It");
        Assert.Equal((true, BuildLane.Build, "Shared.projitems takes files by a pattern from elsewhere"), (Has(outcome, "news"), outcome.Lane, outcome.LaneReason?.Split(" (")[0]));
        Assert.Equal(new FilePattern(_building.Tree["shared"], "*.cs", IsDeep: true), Assert.Single(outcome.Inputs.Patterns));
    }

    [Fact(Timeout = 300_000)]
    public async Task File_that_a_pattern_in_a_property_takes_is_compiled_when_it_comes()
    {
        await Ready("""<PropertyGroup><Beside>../../beside/New?.cs</Beside></PropertyGroup><ItemGroup><Compile Include="$(Beside)" /></ItemGroup>""");
        _building.Tree.Write("beside/New1.cs", "namespace App; public static class New { public static string It => \"news\"; }");
        Assert.True(Has(await Edited("New.It"), "news"));
    }

    [Fact(Timeout = 300_000)]
    public async Task File_in_a_hidden_directory_is_embedded_when_it_comes_where_a_pattern_looks()
    {
        await Ready("""<ItemGroup><EmbeddedResource Include="Data/**/*.txt" /></ItemGroup>""");
        var first = await Edited("\"first\"");
        Assert.Equal((BuildLane.Replay, null), (first.Lane, first.LaneReason)); // nothing is in doubt by the pattern itself
        _building.Tree.Write("src/App/Data/.hidden/new.txt", "news of the hidden");
        var outcome = await Edited("\"second\"");
        Assert.True(File.ReadAllBytes(outcome.Outputs.Single(output => output.Path == "App.dll").Source).AsSpan().IndexOf("news of the hidden"u8) >= 0);
    }

    [Fact(Timeout = 300_000)]
    public async Task Configuration_beside_or_above_a_linked_source_counts_when_it_comes()
    {
        await Ready("""<ItemGroup><Compile Include="../../linked/deep/Linked.cs" Link="Linked.cs" /></ItemGroup>""", linked: "namespace App; public static class Linked { public static void Do() { int unused = 1; } }");
        _building.Tree.Write("linked/.editorconfig", "root = true\n[*.cs]\ndotnet_diagnostic.CS0219.severity = error\n");
        Source("\"third\"");
        var outcome = await _building.Build(App, TestContext.Current.CancellationToken);
        Assert.Equal((false, "CS0219"), (outcome.Succeeded, Assert.Single(outcome.Diagnostics).Code));
    }

    [Fact(Timeout = 300_000)]
    public async Task Pattern_takes_nothing_of_what_builds_write_below_where_it_looks()
    {
        await Ready("""<ItemGroup><Content Include="../../**/*.json" /></ItemGroup>""");
        var request = _building.Request(App) with { ArtifactsPath = _building.Tree["artifacts"] };

        var outcome = await _building.Host.Build(request, TestContext.Current.CancellationToken);

        var assets = Assert.Single(Directory.GetFiles(request.ArtifactsPath, "project.assets.json", SearchOption.AllDirectories));
        var pattern = Assert.Single(outcome.Inputs.Patterns);
        Assert.Equal((true, false, true, false), (outcome.Succeeded, pattern.Takes(assets), pattern.Takes(_building.Tree["deep/new.json"]), pattern.Enters(request.ArtifactsPath)));
    }

    [Fact(Timeout = 300_000)]
    public async Task File_that_a_pattern_takes_from_among_what_builds_write_is_embedded_when_it_comes()
    {
        await Ready("""<ItemGroup><EmbeddedResource Include="../../artifacts/made/*.txt" /></ItemGroup>""");
        var request = _building.Request(App) with { ArtifactsPath = _building.Tree["artifacts"] };
        await _building.Host.Build(request, TestContext.Current.CancellationToken);
        await _building.Host.WarmUp(request, TestContext.Current.CancellationToken);

        _building.Tree.Write("artifacts/made/new.txt", "news of what was made");
        Source("\"first\"");
        var outcome = await _building.Host.Build(request, TestContext.Current.CancellationToken);

        Assert.Equal((true, BuildLane.Build), (outcome.Succeeded, outcome.Lane));
        Assert.True(File.ReadAllBytes(outcome.Outputs.Single(output => output.Path == "App.dll").Source).AsSpan().IndexOf("news of what was made"u8) >= 0);
    }

    [Fact(Timeout = 300_000)]
    public async Task Pattern_that_looks_through_a_vast_directory_outside_of_the_tree_is_told_of_and_not_watched()
    {
        for (var at = 0; at <= TreeListing.Many; at++)
            _building.Tree.Write($"vast/{at / 1000}/{at}.txt", "");
        await Ready("""<ItemGroup><None Include="../../vast/**/*.json;../../vast/1/**" /></ItemGroup>""");
        var request = _building.Request(App) with { Lane = BuildLane.Build };

        var outside = await _building.Host.Build(request with { Root = _building.Tree["src"] }, TestContext.Current.CancellationToken);
        var within = await _building.Host.Build(request with { Root = _building.Tree.Root }, TestContext.Current.CancellationToken);

        Assert.Equal(_building.Tree["vast/1"], Assert.Single(outside.Inputs.Patterns).Directory);
        Assert.Contains(_building.Tree["vast/**/*.json"], Assert.Single(outside.Diagnostics, found => found.Code == "WRB013").Message, StringComparison.Ordinal);
        Assert.Equal((2, true), (within.Inputs.Patterns.Count, within.Succeeded));
        Assert.Empty(within.Diagnostics);
    }

    /// <summary>The tree, built, with the compilations at hand.</summary>
    private async Task Ready(string content, string shared = "", string? linked = null)
    {
        _building.Tree
            .Write("global.json", "{}")
            .Write("Directory.Build.props", "<Project />")
            .Write("shared/Shared.projitems", $"<Project><ItemGroup>{shared}</ItemGroup></Project>")
            .Write("shared/Old.cs", "namespace App; public static class Old;")
            .Write("linked/deep/Linked.cs", linked ?? "")
            .Write(App, Projects.Library().Replace("</Project>", $"{content}</Project>", StringComparison.Ordinal));
        Source("\"zero\"");
        var built = await _building.Build(App, TestContext.Current.CancellationToken);
        Assert.True(built.Succeeded, string.Join('\n', built.Diagnostics));
        await _building.Host.WarmUp(_building.Request(App), TestContext.Current.CancellationToken);
    }

    private void Source(string said) => _building.Tree.Write("src/App/Said.cs", $"namespace App; public static class Said {{ public static string It => {said}; }}");

    private async Task<BuildOutcome> Edited(string said)
    {
        Source(said);
        var outcome = await _building.Build(App, TestContext.Current.CancellationToken);
        Assert.True(outcome.Succeeded, string.Join('\n', outcome.Diagnostics));
        return outcome;
    }

    private static bool Has(BuildOutcome outcome, string text) => File.ReadAllBytes(outcome.Outputs.Single(output => output.Path == "App.dll").Source).AsSpan().IndexOf(Encoding.Unicode.GetBytes(text)) >= 0;
}
