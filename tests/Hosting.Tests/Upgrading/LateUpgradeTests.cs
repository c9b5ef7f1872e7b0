using WatchReload.Control;

namespace WatchReload.Hosting.Tests.Upgrading;

/// <summary>An <c>Upgrade</c> that first runs after the commit, for an actor whose turn the reload has passed, and hangs there.</summary>
public sealed class LateUpgradeTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Fact(Timeout = 60_000)]
    public async Task It_is_named_since_when_and_parked_at_the_deadline_and_takes_no_thread_from_the_others()
    {
        var time = new FakeTime();
        using var turn = new HeldTurn();
        using var held = new HeldTurn();
        using var pool = new Told();
        var v1 = new CountingService { Commands = turn.Command };
        await using var node = await NodeHarness.Start(v1, time);
        var (late, other) = (await node.Connect(), await node.Connect());
        Assert.Equal("ok", await late.Ask("add"));
        await late.Send("wait");
        await turn.Entered;

        var report = await node.Reload(Upgraded("v2", $"if (old.Count == 1) {{ {pool.Tell("Thread.CurrentThread.IsThreadPoolThread")} _ = {held.Block}; }}"));
        Assert.Equal(ReloadVerdict.Committed, report.Verdict);
        Assert.Equal("its turn has not ended", Assert.Single(report.Late).Reason);
        turn.Release();
        Assert.Equal("waited", await late.Read());
        await held.Entered;

        Assert.Equal("False", pool.Text);
        Assert.Equal("v2 0", await other.Ask("count"));
        Assert.Equal("v2 0", await (await node.Connect()).Ask("count"));
        var named = Assert.Single(node.Status.Late);
        Assert.Equal(("lines#1", "Counting.Conn", "its state is being carried over, after the others", time.GetUtcNow()), (named.Actor, named.Behavior, named.Reason, named.Since));
        await node.Until(s => s.OldVersions is [{ State: "retiring", Holders: [var holder] }]
            && holder.StartsWith($"actor lines#1 (Counting.Conn), whose state is being carried over since {named.Since:O}", StringComparison.Ordinal));
        // Another reload is neither kept waiting, nor does it lose the actor.
        Assert.Equal("its state is still being carried over to the version before", Assert.Single((await node.Reload(Upgraded("v3", $"if (old.Count == 1) {held.Block}.ToString();"))).Late).Reason);
        Assert.Equal("v3 0", await other.Ask("count"));

        // Given up for one version it is tried for the one that is current, and hangs there as well.
        var again = time.ArmedAnew(TimeSpan.FromMilliseconds(100));
        time.Advance(Deadline);
        await again;
        time.Advance(Deadline);
        await node.Until(s => s.Parked.Count == 1 && s.Late.Count == 0);
        Assert.StartsWith("it cannot be carried over to version 3: an Upgrade of its state or of what its timers bring, or a constructor or initializer there, did not end within 30 s", node.Status.Parked[0].Reason, StringComparison.Ordinal);
        await late.Send("count");

        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(Upgraded("v4", ""))).Verdict);
        Assert.Equal("v4 1", await late.Read());
        Assert.Empty(node.Status.Parked);
        Assert.Equal(0L, node.Status.DeadLetters);
        held.Release();
        // What has hung holds its version no longer; it is looked for at intervals.
        await node.Until(s =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return s.OldVersions.All(v => v.State == "unloaded");
        });
        Assert.Equal("v4 1", await late.Ask("count"));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("throw new InvalidOperationException(\"fault\");", "Upgrade threw InvalidOperationException: fault")]
    [InlineData("_ = (new int[int.MaxValue])[0];", "Upgrade threw OutOfMemoryException")]
    public async Task The_actor_is_parked_with_what_is_queued_when_it_throws_and_the_next_release_carries_both_over(string fault, string problem)
    {
        using var turn = new HeldTurn();
        await using var node = await NodeHarness.Start(new CountingService { Commands = turn.Command });
        var (late, other) = (await node.Connect(), await node.Connect());
        Assert.Equal(("ok", "v1 0"), (await late.Ask("add"), await other.Ask("count")));
        await late.Send("wait");
        await turn.Entered;
        var report = await node.Reload(Upgraded("v2", $"if (old.Count == 1) {{ {fault} }}"));
        Assert.Equal((ReloadVerdict.Committed, 1), (report.Verdict, report.LateCount));
        await late.Send("add\ncount");

        turn.Release();

        Assert.Equal("waited", await late.Read());
        await node.Until(s => s.Parked.Count == 1 && s.Late.Count == 0);
        Assert.Contains(problem, node.Status.Parked[0].Reason, StringComparison.Ordinal);
        Assert.Equal("v2 0", await other.Ask("count"));
        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(Upgraded("v3", ""))).Verdict);
        Assert.Equal(("ok", "v3 2"), (await late.Read(), await late.Read()));
        Assert.Equal("v3 0", await other.Ask("count"));
        Assert.Empty(node.Status.Parked);
        Assert.Equal(0L, node.Status.DeadLetters);
    }

    [Fact(Timeout = 60_000)]
    public async Task The_node_stops_in_time_while_it_hangs()
    {
        using var turn = new HeldTurn();
        using var held = new HeldTurn();
        var node = await NodeHarness.Start(new CountingService { Commands = turn.Command });
        var late = await node.Connect();
        Assert.Equal("ok", await late.Ask("add"));
        await late.Send("wait");
        await turn.Entered;
        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(Upgraded("v2", $"if (old.Count == 1) _ = {held.Block};"))).Verdict);
        turn.Release();
        await held.Entered;

        await node.DisposeAsync().AsTask().WaitAsync(3 * NodeHarness.DrainDeadline, TestContext.Current.CancellationToken);
        held.Release();
    }

    private static CountingService Upgraded(string version, string step) => new()
    {
        Version = version,
        State = $$"""
            public sealed record ConnStateV1(int Count);
            public sealed record ConnState(int Count, string Grade) : IUpgrade<ConnStateV1, ConnState>
            {
                public static ConnState Upgrade(ConnStateV1 old) { {{step}} return new(old.Count, ""); }
            }
            """,
        First = "new ConnState(0, \"\")",
    };

    /// <summary>What compiled code has to say to the test.</summary>
    private sealed class Told : IDisposable
    {
        private readonly string _key = $"told-{Guid.NewGuid():N}";

        public string? Text => (string?)AppContext.GetData(_key);

        public string Tell(string expression) => $"AppContext.SetData(\"{_key}\", ({expression}).ToString());";

        public void Dispose() => AppContext.SetData(_key, null);
    }
}
