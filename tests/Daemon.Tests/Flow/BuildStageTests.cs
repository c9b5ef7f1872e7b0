using WatchReload.Control;
using WatchReload.Daemon.Flow;

namespace WatchReload.Daemon.Tests.Flow;

/// <summary>When a build may be a delta of what a node has, with a builder.</summary>
public sealed class BuildStageTests : BuildStageBed
{
    /// <summary>Its content is in no release, so that no node has it, and a delta would not bring it.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Body_goes_with_a_release_when_content_was_built_and_its_release_was_broken_off()
    {
        var (released, has) = await Released();
        Write(body: 2, content: 1);
        var told = new List<BuildInputs>();
        var delta = await Build(On(released, has), told.Add); // else the last one would say nothing
        Assert.Equal(BuildLane.Delta, delta.Outcome.Lane);
        Assert.Single(told);

        Write(body: 2, content: 2);
        using var broken = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Build(null, _ => broken.Cancel(), broken.Token));
        await WarmUp();
        Write(body: 3, content: 2);
        var next = await Build(On(released, has with { Generation = 1, Delta = Assert.Single(delta.Delta!.Value.Delta.Assemblies).Id }));

        Assert.Equal((BuildLane.Replay, "what MSBuild built last is no release, so that content and packages may be others"), (next.Outcome.Lane, next.Outcome.LaneReason));
        Assert.Contains(next.Release!.Manifest.Files, file => file.Path == "settings.json" && File.ReadAllText(Path.Combine(next.Release.Directory, file.Path)) == "2");
    }

    [Fact(Timeout = 120_000)]
    public async Task What_was_made_while_the_save_settled_is_the_delta_and_the_builder_is_not_asked_again()
    {
        var (released, has) = await Released();
        Write(body: 2, content: 1);
        await Anticipated();
        File.Delete(Bed.Scratch.Write("src/B.cs", "class B { int One() { return 1; } }"));
        var told = new List<BuildInputs>();
        var built = await Build(On(released, has), told.Add);

        Assert.True(IsAnticipated(built));
        Assert.Equal(released.Outcome.Inputs.Files, Assert.Single(told).Files); // the watcher knows that something was built
        var delta = built.Delta!.Value.Delta;
        Assert.Equal(Stage.TreeHash(TestContext.Current.CancellationToken), delta.SourceHash);
        var next = has with { Generation = 1, Delta = Assert.Single(delta.Assemblies).Id };

        // The node has taken it: the next one starts there.
        Stage.Anticipated.NodeTook([has], delta.Assemblies);
        Write(body: 3, content: 1);
        await Anticipated();
        built = await Build(On(released, next));
        Assert.Equal((true, 2), (IsAnticipated(built), Assert.Single(built.Delta!.Value.Delta.Assemblies).Generation));

        // It has refused that: the next one starts where it is, as nobody said that it was taken. So it does when a release of the tree was built in between.
        for (var body = 4; body < 6; body++)
        {
            Write(body, content: 1);
            await Anticipated();
            built = await Build(On(released, next));
            Assert.Equal((true, 2), (IsAnticipated(built), Assert.Single(built.Delta!.Value.Delta.Assemblies).Generation));
            Assert.NotNull((await Build(null)).Release);
        }
    }

    [Theory(Timeout = 120_000)]
    [InlineData("the node has another version")]
    [InlineData("the save went on")]
    [InlineData("another input is another")]
    [InlineData("a file came that no input is like")]
    [InlineData("a source file came")]
    public async Task What_was_made_while_the_save_settled_is_nothing_when_anything_is_another_by_then(string what)
    {
        var (released, has) = await Released();
        Write(body: 2, content: 1);
        if (what == "the node has another version")
        {
            var first = await Build(On(released, has));
            Stage.Anticipated.NodeTook([has], first.Delta!.Value.Delta.Assemblies); // and was started anew since
            Write(body: 3, content: 1);
        }

        await Anticipated();
        switch (what)
        {
            case "the save went on":
                Write(body: 4, content: 1);
                break;
            case "another input is another":
                Write(body: 2, content: 2);
                break;
            case "a file came that no input is like":
                Bed.Scratch.Write("src/data/new.txt", "");
                break;
            case "a source file came":
                Bed.Scratch.Write("src/B.cs", "class B { int One() { return 1; } }");
                break;
        }

        var built = await Build(On(released, has));
        Assert.False(IsAnticipated(built));
        var tree = built.Delta?.Delta.SourceHash ?? built.Release?.Manifest.SourceHash;
        Assert.Equal(Stage.TreeHash(TestContext.Current.CancellationToken), tree);
    }

    /// <summary>Its content is in no release, so that no node has it, and a delta would not bring it.</summary>
    [Fact(Timeout = 120_000)]
    public async Task What_was_made_while_the_save_settled_is_nothing_when_MSBuild_has_built_what_no_release_has()
    {
        var (released, has) = await Released();
        Write(body: 1, content: 2);
        using var broken = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Build(null, _ => broken.Cancel(), broken.Token));
        await WarmUp();
        Write(body: 2, content: 2);
        await Anticipated();

        var built = await Build(On(released, has));
        Assert.Equal((false, BuildLane.Replay), (IsAnticipated(built), built.Outcome.Lane));
    }

    private Task Anticipated() => Stage.Anticipated.Begin(TestContext.Current.CancellationToken);

    /// <summary>A build that was asked for has looked at the tree for itself.</summary>
    private static bool IsAnticipated(BuildResult built) => built.Outcome.Read is not null;

    [Fact(Timeout = 120_000)]
    public async Task File_that_comes_is_a_delta_to_the_tree_with_it()
    {
        var (released, has) = await Released();
        Bed.Scratch.Write("src/B.cs", "class B { int One() { return 1; } }");

        var built = await Build(On(released, has));

        Assert.Equal((BuildLane.Delta, null), (built.Outcome.Lane, built.Outcome.LaneReason));
        Assert.Equal(Stage.TreeHash(TestContext.Current.CancellationToken), built.Delta!.Value.Delta.SourceHash);
        Assert.NotEqual(released.Release!.Manifest.SourceHash, built.Delta.Value.Delta.SourceHash);
        Bed.Scratch.Write("src/B.cs", "class B { int One() { return 2; } }");
        Assert.NotEqual(Stage.TreeHash(TestContext.Current.CancellationToken), built.Delta.Value.Delta.SourceHash); // it is one of the inputs
    }
}
