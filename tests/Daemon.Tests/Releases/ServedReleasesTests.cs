using WatchReload.Daemon.Releases;

namespace WatchReload.Daemon.Tests.Releases;

public sealed class ServedReleasesTests
{
    [Fact(Timeout = 60_000)]
    public async Task Releases_that_never_served_do_not_count()
    {
        var served = Served([Entry("r1", "started"), Entry("r2", "refused"), Entry("r3", "committed"), Entry("r4", "unchanged")]);

        Assert.Equal(["r1", "r3"], served);
        await Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public async Task Rollback_takes_away_what_lay_above()
    {
        var served = Served([Entry("r1"), Entry("r2"), Entry("r3"), Entry("r2", cause: "rollback")]);

        Assert.Equal(["r1", "r2"], served);
        await Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public async Task Deploy_after_a_rollback_goes_on_from_there()
    {
        var served = Served([Entry("r1"), Entry("r2"), Entry("r1", cause: "rollback"), Entry("r3")]);

        Assert.Equal(["r1", "r3"], served);
        await Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public async Task What_a_node_that_died_went_back_to_is_what_served_before()
    {
        var served = Served([Entry("r4"), Entry("r6"), Entry("r7"), Entry("r4", "started", "crash"), Entry("r8")]);

        Assert.Equal(["r4", "r8"], served);
        await Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public async Task What_a_node_was_found_on_takes_away_what_lay_above()
    {
        await Task.Yield();
        Assert.Equal(["r1", "r3"], Served([Entry("r1"), Entry("r2"), Entry("r1", "started", "start"), Entry("r3")]));
    }

    [Fact(Timeout = 60_000)]
    public async Task Release_that_gives_its_name_to_what_deltas_have_brought_served()
    {
        await Task.Yield();
        var served = Served(
        [
            Entry("r8", content: "a"), Entry("r8", content: "tree b", lane: "delta"), Entry("r9", "unchanged", content: "b"),
            Entry("r9", content: "tree c", lane: "delta"), Entry("r9", content: "tree b", lane: "delta"), Entry("r10", "unchanged", content: "b"), Entry("r11", "unchanged", content: "b"), Entry("r12", content: "d"),
        ]);

        Assert.Equal(["r8", "r9", "r10", "r12"], served);
    }

    [Fact(Timeout = 60_000)]
    public async Task Two_contents_before_the_one_that_serves_are_to_go_back_to_however_many_releases_came_after_them()
    {
        await Task.Yield();
        HistoryEntry[] history =
        [
            Entry("r1", content: "a"), Entry("r2", content: "b"), Entry("r3", content: "c"), Entry("r4", content: "d"),
            .. Enumerable.Range(5, 20).Select(n => Entry($"r{n}", "unchanged", content: "d")), Entry("r30", "refused", content: "e"),
        ];
        Assert.Equal(["r4", "r3", "r2"], ServedReleases.ToGoBackTo(history));
    }

    private static IEnumerable<string?> Served(IEnumerable<HistoryEntry> history) => ServedReleases.Of(history).Select(e => e.Release);

    private static HistoryEntry Entry(string release, string verdict = "committed", string cause = "watch", string? content = null, string? lane = null) =>
        new() { Time = DateTimeOffset.UnixEpoch, Cause = cause, Verdict = verdict, Release = release, ContentHash = content, Lane = lane, Node = "main" };
}
