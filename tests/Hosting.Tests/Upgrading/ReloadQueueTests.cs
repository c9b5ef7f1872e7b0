using WatchReload.Control;
using WatchReload.Hosting.Upgrading;

namespace WatchReload.Hosting.Tests.Upgrading;

/// <summary>Of reloads that wait the newest is done, if the node would take it.</summary>
public sealed class ReloadQueueTests
{
    private static readonly CountingService V1 = new();
    private static readonly CountingService V2 = new() { Version = "v2" };

    /// <summary>It comes after the other, and the node refuses it: of the two nothing would be left.</summary>
    [Fact(Timeout = 60_000)]
    public async Task One_that_is_meant_for_another_run_takes_nobodys_place()
    {
        using var held = new HeldTurn();
        await using var node = await NodeHarness.Start(V1);
        var underWay = node.Reload(V2 with { CodeChange = held.Suspend });
        await held.EnteredBy(underWay);
        var first = node.Reload(V2 with { Version = "v3" });
        var second = node.Reload(V2 with { Version = "v4" }, request => request with { ExpectInstance = "another" });

        held.Release();

        Assert.Equal(ReloadVerdict.Committed, (await underWay).Verdict);
        Assert.Equal((ReloadVerdict.Committed, ReloadVerdict.Refused), ((await first).Verdict, (await second).Verdict));
    }

    /// <summary>The fence tells which of two is newer, in whatever order they arrive.</summary>
    [Fact(Timeout = 60_000)]
    public async Task One_that_arrives_later_and_is_older_is_superseded()
    {
        await Task.Yield();
        var queue = new ReloadQueue();
        var (newer, older) = (queue.Enter(Request(2)), queue.Enter(Request(1)));
        Assert.True(queue.Begin(newer, Any));
        Assert.False(queue.Begin(older, Any));
    }

    /// <summary>The newest may come to its turn first: what came before it is done no more.</summary>
    [Fact(Timeout = 60_000)]
    public async Task One_is_superseded_by_a_newer_one_that_waits_or_was_first()
    {
        await Task.Yield();
        var queue = new ReloadQueue();
        var (oldest, older, newest) = (queue.Enter(Request(1)), queue.Enter(Request(2)), queue.Enter(Request(3)));
        Assert.False(queue.Begin(oldest, Any));
        Assert.True(queue.Begin(newest, Any));
        Assert.False(queue.Begin(older, Any));
    }

    [Fact(Timeout = 60_000)]
    public async Task One_that_has_left_takes_nobodys_place()
    {
        await Task.Yield();
        var queue = new ReloadQueue();
        var (kept, left) = (queue.Enter(Request(1)), queue.Enter(Request(2)));
        Assert.True(queue.Leave(left));
        Assert.True(queue.Begin(kept, Any));
    }

    /// <summary>Else neither would be done.</summary>
    [Fact(Timeout = 60_000)]
    public async Task One_that_another_has_given_way_to_is_done_though_its_asker_has_gone()
    {
        await Task.Yield();
        var queue = new ReloadQueue();
        var (older, newer) = (queue.Enter(Request(1)), queue.Enter(Request(2)));
        Assert.False(queue.Begin(older, Any));
        Assert.False(queue.Leave(newer));
        Assert.True(queue.Begin(newer, Any));
    }

    private static bool Any(ReloadRequest request) => true;

    private static ReloadRequest Request(long fence) => new()
    {
        Release = "r000001",
        Directory = "",
        ManifestHash = "",
        ExpectInstance = "",
        ExpectVersion = 1,
        Fence = fence,
        Cause = "reload",
    };
}
