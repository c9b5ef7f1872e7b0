using WatchReload.Control;
using WatchReload.Daemon.Watching;

namespace WatchReload.Builder.Tests.Lanes;

/// <summary>Deltas that are made while a save settles.</summary>
public sealed class AnticipatedDeltaTests : DeltaLaneBed
{
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
        var text = await File.ReadAllTextAsync(Tree[Program], TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Tree[Program], text[..(text.Length / 2)], TestContext.Current.CancellationToken);
        await Anticipate();
        File.Delete(Tree[Program]);
        await Anticipate();
        await File.WriteAllTextAsync(Tree[Program], text.Replace("second", "third", StringComparison.Ordinal), TestContext.Current.CancellationToken);
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
        var replayed = await Host.Build(Request(Loaded) with { Verify = true }, TestContext.Current.CancellationToken);
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

    [Fact(Timeout = 300_000)]
    public async Task Deltas_that_nobody_has_asked_for_yet_may_be_taken_or_not()
    {
        Edit(Program, "new Rates().Of(1)", "new Rates().Of(2)");
        var first = await Host.Anticipate(Request(null), TestContext.Current.CancellationToken); // nobody knows what the node has: what was built last, most likely
        Assert.Equal((BuildLane.Delta, true, BuildId), (first!.Lane, first.Anticipated, first.BuildId));
        Assert.Equal(Loaded.OrderBy(loaded => loaded.Name, StringComparer.Ordinal), first.From.OrderBy(loaded => loaded.Name, StringComparer.Ordinal));
        Assert.Equal(Look(), first.Read);
        Taken(first);

        Edit(Program, "new Rates().Of(2)", "new Rates().Of(3)");
        var second = await Anticipate();
        Assert.Equal(["App 2"], second!.Deltas.Select(delta => $"{delta.Assembly} {delta.Generation}"));
        Assert.Equal(Loaded, second.From);

        // It goes on being saved: that one was not taken, and is nothing to go on from.
        Edit(Program, "new Rates().Of(3)", "new Rates().Of(4)");
        Assert.NotEqual(Look(), second.Read);
        var third = await Anticipate();
        Assert.Equal(["App 2"], third!.Deltas.Select(delta => $"{delta.Assembly} {delta.Generation}"));
        Assert.Equal(Look(), third.Read);
        Taken(third);

        // What was not taken is asked for, and is what was anticipated.
        Edit(Rates, "years * 2", "years * 3");
        Assert.Equal(Assert.Single((await Anticipate())!.Deltas).Id, Assert.Single((await Delta()).Deltas).Id);

        // The release of the tree is built for a restart. The node has what it was given without having been asked for.
        Edit(Program, "new Rates().Of(4)", "new Rates().Of(5)");
        Taken((await Anticipate())!);
        Assert.Equal(BuildLane.Replay, (await Build(null)).Lane);
        Edit(Program, "new Rates().Of(5)", "new Rates().Of(6)");
        Assert.Equal(["App 4"], (await Anticipate())!.Deltas.Select(delta => $"{delta.Assembly} {delta.Generation}"));
        Assert.Equal(["App 4"], await Deltas());
    }

    [Fact(Timeout = 300_000)]
    public async Task What_was_read_is_another_tree_when_anything_has_come_that_a_build_may_take()
    {
        Edit(Program, "new Rates().Of(1)", "new Rates().Of(2)");
        var made = await Anticipate();
        Assert.Equal(Look(), made!.Read);

        Tree.Write("App/texts/new.txt", "no source");
        Assert.NotEqual(Look(), made.Read);
        File.Delete(Tree["App/texts/new.txt"]);
        Assert.Equal(Look(), made.Read);
        Tree.Write("Directory.Build.targets", "<Project />");
        Assert.NotEqual(Look(), made.Read);
    }

    private Task<BuildOutcome?> Anticipate() => Host.Anticipate(Request(Loaded), TestContext.Current.CancellationToken);

    /// <summary>As whoever would take it sees the tree.</summary>
    private SeenTree Look() => new(SourceTree.Hash(Inputs, Tree.Root), TreeListing.Of(Inputs).Hash);
}
