using WatchReload.Builder.Tests.Support;
using WatchReload.Control;

namespace WatchReload.Builder.Tests.Lanes;

/// <summary>Files that come, as deltas to what a node has loaded.</summary>
public sealed class AddedFileTests : DeltaLaneBed
{
    /// <summary>The projects are evaluated for it, and nothing else is another.</summary>
    [Fact(Timeout = 300_000)]
    public async Task Files_with_types_may_come_and_those_that_go_are_replayed()
    {
        Tree.Write("App/Greeting.cs", "namespace App; internal sealed record Greeting(string Name) { public string Said() { return $\"hello {Name}\"; } }");
        Edit(Program, "return $\"{new Rates()", "return new Greeting(\"ann\").Said() + $\"{new Rates()");
        var both = await Delta();
        Assert.Equal((false, "App.Greeting"), (Assert.Single(both.Deltas).Apart, Assert.Single(both.Deltas[0].Remade)));
        Assert.Contains(Tree["App/Greeting.cs"], both.Inputs.Files);

        Edit("App/Greeting.cs", "hello", "HELLO");
        Assert.True(Has(await Delta(), "HELLO"));

        // First the file, then what uses it.
        Tree.Write("Lib/Parts/Part.cs", "namespace Lib.Parts; internal static class Part { internal static int Seven() { return 7; } }");
        Assert.True(Assert.Single((await Delta()).Deltas).Apart);
        Edit(Rates, "return years * 2;", "return years * Parts.Part.Seven();");
        Assert.Equal(["Lib 2"], await Deltas());

        // What a restart loads is the same tree, as MSBuild makes it.
        var release = await Host.Build(Request(null) with { Verify = true }, TestContext.Current.CancellationToken);
        Assert.Equal((true, BuildLane.Replay, 0), (release.Succeeded, release.Lane, release.Diagnostics.Count));

        Loaded = [.. Loaded.Select(loaded => new LoadedAssembly(loaded.Name, LoadedImages.Mvid(release.Outputs.Single(output => output.Path == $"{loaded.Name}.dll").Source), 0))];
        File.Delete(Tree["App/Greeting.cs"]);
        Edit(Program, "new Greeting(\"ann\").Said() + ", "");
        var gone = await Build(Loaded);
        Assert.Equal((true, BuildLane.Build, "files came or went, and a file that it was compiled from is gone"), (gone.Succeeded, gone.Lane, gone.LaneReason));
        Assert.False(Built(gone, "HELLO"));
    }

    /// <summary>Whatever is said of a delta, what is built is what was saved.</summary>
    [Fact(Timeout = 300_000)]
    public async Task Edits_are_built_with_the_files_that_come_with_them_when_there_can_be_no_delta()
    {
        var rebuilt = await Host.Build(Request(null) with { Lane = BuildLane.Build }, TestContext.Current.CancellationToken);
        Assert.True(rebuilt.Succeeded);
        await Host.WarmUp(Request(null), TestContext.Current.CancellationToken);
        Tree.Write("App/Greeting.cs", "namespace App; internal sealed record Greeting(string Name) { public string Said() { return $\"hello {Name}\"; } }");
        Edit(Program, "return $\"{new Rates()", "return new Greeting(\"first\").Said() + $\"{new Rates()");

        var built = await Build(Loaded);

        Assert.Equal((true, BuildLane.Build, "files came or went, and what MSBuild built last is no release, so that content and packages may be others"), (built.Succeeded, built.Lane, built.LaneReason));
        Assert.True(Built(built, "hello"));
        Assert.True(Built(built, "first"));
    }
}
