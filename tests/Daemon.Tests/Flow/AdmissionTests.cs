using Microsoft.Extensions.Logging.Abstractions;
using WatchReload.Daemon.Delivery;
using WatchReload.Daemon.Events;
using WatchReload.Daemon.Flow;
using WatchReload.Daemon.Releases;

namespace WatchReload.Daemon.Tests.Flow;

public sealed class AdmissionTests : IAsyncLifetime
{
    private const string Commit = "0123456789abcdef0123456789abcdef01234567";
    private readonly Scratch _scratch = new();
    private readonly History _history;
    private readonly RolledBack _rolledBack;
    private FakeNode _node = null!;
    private NodeLink _link = null!;
    private Admission _admission = null!;

    public AdmissionTests()
    {
        _history = new History(_scratch.State, TimeProvider.System, NullLogger<History>.Instance);
        _rolledBack = new RolledBack(_scratch.State);
    }

    public async ValueTask InitializeAsync()
    {
        _node = await FakeNode.Start(_scratch.State);
        _link = new NodeLink(_scratch.State, "main");
        var settings = new PipelineSettings { State = _scratch.State, Root = _scratch.Root, Project = "S.csproj", Configuration = "Release" };
        var seat = new NodeSeat(_link, new NodeDelivery(_link, new Fence(_scratch.State, "main", TimeProvider.System), TimeProvider.System), null);
        _admission = new Admission(settings, [seat], _history, _rolledBack);
    }

    public async ValueTask DisposeAsync()
    {
        _link.Dispose();
        await _node.DisposeAsync();
        _scratch.Dispose();
    }

    [Theory(Timeout = 60_000)]
    [InlineData("refused", "pull", false)]
    [InlineData("takenBack", "pull", false)]
    [InlineData("takenBack", "reload", true)]
    public async Task Commit_that_failed_is_refused_with_what_it_failed_of_until_forced(string verdict, string cause, bool clean)
    {
        await Tried(verdict, cause, clean, problem: "Room.Seats cannot be mapped.");

        var refused = Assert.IsType<ReloadRefused>(await Unwanted(new PullOrder()));

        Assert.True(refused.NotTried);
        Assert.Equal(("main", 1), (refused.Node, refused.Version));
        Assert.Contains("0123456789", refused.Problems[0]);
        Assert.Contains("--force", refused.Problems[0]);
        Assert.Equal("Room.Seats cannot be mapped.", refused.Problems[1]);
        Assert.Null(await Unwanted(new PullOrder { Force = true }));
        Assert.Null(await Unwanted(new PullOrder { Rehearse = true }));
        Assert.Null(await _admission.Unwanted(new PullOrder(), "fedcba9876543210fedcba9876543210fedcba98", TestContext.Current.CancellationToken));
    }

    [Fact(Timeout = 60_000)]
    public async Task Commit_that_did_not_build_is_told_as_a_failed_build_to_who_pushes_it_and_built_again_for_who_asks_for_a_reload()
    {
        await Tried("buildFailed", "pull", clean: true, problem: "A.cs(1,1): CS1002: ; expected");

        var failed = Assert.IsType<BuildFailed>(await Unwanted(new PullOrder()));

        Assert.True(failed.NotTried);
        Assert.Contains(failed.Diagnostics, d => d.Message.Contains("CS1002"));
        Assert.Null(await Unwanted(new ReloadOrder { Cause = "reload" }));
    }

    [Fact(Timeout = 60_000)]
    public async Task Circumstances_rehearsals_and_trees_with_more_than_the_commit_are_no_verdict_on_it()
    {
        await Tried("refused", "pull", clean: true, transient: true);
        await Tried("refused", "pull", clean: true, rehearsed: true);
        await Tried("refused", "reload", clean: false);
        await Tried("notTried", "pull", clean: true);

        Assert.Null(await Unwanted(new PullOrder()));
        Assert.False(IsOld()); // a poll tries it again
    }

    [Fact(Timeout = 60_000)]
    public async Task Polls_try_a_commit_at_growing_distances_while_circumstances_end_each_attempt()
    {
        foreach (var (attempt, pause) in ((int, int)[])[(0, 0), (1, 30), (2, 60), (3, 120), (4, 240), (5, 300), (6, 300)])
        {
            // One entry for each of three nodes: one has it already.
            var at = DateTimeOffset.UnixEpoch.AddHours(attempt);
            await Tried("unchanged", "pull", clean: true, at: at, took: TimeSpan.FromSeconds(1));
            await Tried("refused", "pull", clean: true, transient: true, at: at, took: TimeSpan.FromSeconds(40));
            await Tried("refused", "pull", clean: true, transient: true, at: at, took: TimeSpan.FromSeconds(41));

            var end = at.AddSeconds(41);
            Assert.Equal(pause > 0, IsOld(end.AddSeconds(pause - 1)));
            Assert.False(IsOld(end.AddSeconds(pause)));
            Assert.False(IsOld(end.AddSeconds(-1))); // the clock was set back
            Assert.Null(await Unwanted(new PullOrder()));
        }

        await Tried("committed", "pull", clean: true, at: DateTimeOffset.UnixEpoch.AddHours(7));
        Assert.True(IsOld(DateTimeOffset.UnixEpoch.AddHours(8)));
        await Tried("refused", "pull", clean: true, transient: true, at: DateTimeOffset.UnixEpoch.AddHours(9));
        Assert.False(IsOld(DateTimeOffset.UnixEpoch.AddHours(9)));
    }

    [Fact(Timeout = 60_000)]
    public async Task Polls_do_not_try_a_commit_again_that_one_node_refused_whatever_ended_it_on_another()
    {
        await Tried("refused", "pull", clean: true);
        await Tried("refused", "pull", clean: true, transient: true);

        Assert.True(IsOld(DateTimeOffset.UnixEpoch.AddHours(1)));
    }

    [Fact(Timeout = 60_000)]
    public async Task Commit_is_wanted_again_when_it_was_forced_and_worked()
    {
        await Tried("refused", "pull", clean: true);
        Assert.True(IsOld());
        await Tried("committed", "pull", clean: true);

        Assert.Null(await Unwanted(new PullOrder()));
        Assert.True(IsOld());
    }

    /// <summary>The states that it was refused for are those of another version.</summary>
    [Theory(Timeout = 60_000)]
    [InlineData("refused", "main", true)]
    [InlineData("refused", "other", false)]
    [InlineData("takenBack", "main", false)]
    public async Task Commit_is_wanted_again_when_the_node_that_refused_it_serves_something_else(string verdict, string replaced, bool wanted)
    {
        await Tried(verdict, "watch", clean: true, node: "main");
        Assert.NotNull(await Unwanted(new ReloadOrder { Cause = "reload" }));

        await _history.Append(new HistoryEntry { Time = DateTimeOffset.UnixEpoch, Cause = "rollback", Verdict = "committed", Node = replaced }, TestContext.Current.CancellationToken);

        Assert.Equal(wanted, await Unwanted(new ReloadOrder { Cause = "reload" }) is null);
        Assert.True(IsOld()); // a poll brings nothing by itself that was refused
    }

    [Fact(Timeout = 60_000)]
    public async Task Commit_that_was_rolled_back_from_is_not_pulled_or_polled_again()
    {
        _rolledBack.Remember(new RolledBackFrom(null, Commit, "ann", DateTimeOffset.UnixEpoch));

        var refused = Assert.IsType<ReloadRefused>(await Unwanted(new PullOrder()));

        Assert.Contains("rolled back from by ann", Assert.Single(refused.Problems));
        Assert.True(IsOld());
        Assert.Null(await Unwanted(new ReloadOrder { Cause = "reload" }));
        Assert.Null(await Unwanted(new PullOrder { Force = true }));
    }

    [Fact(Timeout = 60_000)]
    public async Task Nothing_is_deployed_while_frozen_unless_forced()
    {
        new Freeze("ann", DateTimeOffset.UnixEpoch, "fair week").Begin(_scratch.State);

        foreach (var order in new Order[] { new ReloadOrder { Cause = "reload" }, new ReloadOrder { Cause = "watch" }, new PullOrder { Cause = "pull" }, new ReloadOrder { Cause = "hook" } })
        {
            var refused = Assert.IsType<ReloadRefused>(await Frozen(order));
            Assert.Contains("frozen by ann since 1970-01-01 00:00:00 UTC: fair week.", Assert.Single(refused.Problems));
            Assert.Null(await Frozen(order with { Force = true }));
            Assert.Null(await Frozen(order with { Rehearse = true }));
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Frozen_or_not_a_node_that_does_not_run_is_started()
    {
        new Freeze("ann", DateTimeOffset.UnixEpoch, null).Begin(_scratch.State);
        await _node.DisposeAsync();

        Assert.Null(await Frozen(new ReloadOrder { Cause = "run" }));
        Assert.NotNull(await Frozen(new ReloadOrder { Cause = "reload" }));
    }

    [Fact(Timeout = 60_000)]
    public async Task Freeze_that_cannot_be_read_freezes_all_the_same()
    {
        await File.WriteAllTextAsync(Path.Combine(_scratch.State.Root, "frozen"), "{ torn", TestContext.Current.CancellationToken);

        Assert.Contains("is damaged", Assert.Single(Assert.IsType<ReloadRefused>(await Frozen(new PullOrder())).Problems));
    }

    private Task<DaemonEvent?> Unwanted(Order order) => _admission.Unwanted(order, Commit, TestContext.Current.CancellationToken);

    private Task<DaemonEvent?> Frozen(Order order) => _admission.Frozen(order, TestContext.Current.CancellationToken);

    private bool IsOld(DateTimeOffset? now = null) => _admission.IsOld(Commit, now ?? DateTimeOffset.UnixEpoch);

    private Task Tried(string verdict, string cause, bool clean, string problem = "Why.", bool transient = false, bool rehearsed = false, DateTimeOffset? at = null, TimeSpan took = default, string? node = null) => _history.Append(
        new HistoryEntry { Time = at ?? DateTimeOffset.UnixEpoch, TotalMs = took.TotalMilliseconds, Cause = cause, Verdict = verdict, Commit = Commit, Clean = clean, Transient = transient, Rehearsed = rehearsed, Node = node, Problems = [problem] },
        TestContext.Current.CancellationToken);
}
