using WatchReload.Daemon.Flow;
using WatchReload.Daemon.Releases;

namespace WatchReload.Daemon.Tests.Flow;

public sealed class RollbackTargetTests
{
    [Fact(Timeout = 60_000)]
    public async Task Releases_that_never_served_do_not_count()
    {
        var served = RollbackTarget.Served([Entry("r1", "started"), Entry("r2", "refused"), Entry("r3", "committed"), Entry("r4", "unchanged")]);

        Assert.Equal(["r1", "r3"], served);
        await Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public async Task Rollback_takes_away_what_lay_above()
    {
        var served = RollbackTarget.Served([Entry("r1"), Entry("r2"), Entry("r3"), Entry("r2", cause: "rollback")]);

        Assert.Equal(["r1", "r2"], served);
        await Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public async Task Deploy_after_a_rollback_goes_on_from_there()
    {
        var served = RollbackTarget.Served([Entry("r1"), Entry("r2"), Entry("r1", cause: "rollback"), Entry("r3")]);

        Assert.Equal(["r1", "r3"], served);
        await Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public async Task What_a_node_that_died_went_back_to_is_what_served_before()
    {
        var served = RollbackTarget.Served([Entry("r4"), Entry("r6"), Entry("r7"), Entry("r4", "started", "crash"), Entry("r8")]);

        Assert.Equal(["r4", "r8"], served);
        await Task.CompletedTask;
    }

    private static HistoryEntry Entry(string release, string verdict = "committed", string cause = "watch") =>
        new() { Time = DateTimeOffset.UnixEpoch, Cause = cause, Verdict = verdict, Release = release, Node = "main" };
}
