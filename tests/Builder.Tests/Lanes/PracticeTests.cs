namespace WatchReload.Builder.Tests.Lanes;

/// <summary>Edits that nobody makes, asked for as those that somebody has made.</summary>
public sealed class PracticeTests : DeltaLaneBed
{
    [Fact(Timeout = 300_000)]
    public async Task Exercise_succeeds_when_its_time_has_come_and_the_tree_is_what_was_built_and_changes_nothing()
    {
        await Practised();
        Edit(Program, "new Rates().Of(1)", "new Rates().Of(2)");
        Assert.False(await Practise());
        Assert.Equal(["App 1"], await Deltas());
        Assert.False(await Practise()); // as the release of it is to be built still
        await Build(null);
        await Practised();
        Edit(Program, "new Rates().Of(2)", "new Rates().Of(3)");
        Assert.Equal(["App 2"], await Deltas());
    }

    /// <summary>The builder has an exercise of its own before, when it is idle.</summary>
    private async Task Practised()
    {
        while (!await Practise())
            await Task.Delay(TimeSpan.FromMilliseconds(50), TestContext.Current.CancellationToken);
    }

    private async Task<bool> Practise() => await Host.CanPractise(TestContext.Current.CancellationToken) && await Host.Practise(Request(Loaded) with { Practice = 0 }, TestContext.Current.CancellationToken);
}
