namespace WatchReload.Builder.Tests.Lanes;

/// <summary>Edits that nobody makes, asked for as those that somebody has made.</summary>
public sealed class PracticeTests : DeltaLaneBed
{
    [Fact(Timeout = 300_000)]
    public async Task Exercise_succeeds_when_its_time_has_come_and_the_tree_is_what_was_built_and_changes_nothing()
    {
        Assert.True(await Practises());
        Edit(Program, "new Rates().Of(1)", "new Rates().Of(2)");
        Assert.False(await Practise());
        Assert.Equal(["App 1"], await Deltas());
        Assert.False(await Practise()); // as the release of it is to be built still
        await Build(null);
        Assert.True(await Practises());
        Edit(Program, "new Rates().Of(2)", "new Rates().Of(3)");
        Assert.Equal(["App 2"], await Deltas());
    }

    private async Task<bool> Practises() => await Host.BecomesReady(TestContext.Current.CancellationToken) && await Practise();

    private async Task<bool> Practise() => await Host.Practise(Request(Loaded), TestContext.Current.CancellationToken) is not null;
}
