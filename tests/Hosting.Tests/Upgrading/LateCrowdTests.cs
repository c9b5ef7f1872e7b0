using System.Text.Json;
using WatchReload.Control;

namespace WatchReload.Hosting.Tests.Upgrading;

/// <summary>More actors that are late, or parked, than one list names.</summary>
public sealed class LateCrowdTests
{
    private const int Crowd = ActorNotice.MostNamed + 100;

    [Fact(Timeout = 60_000)]
    public async Task Some_are_named_and_all_are_counted_when_more_are_late_than_a_list_names()
    {
        using var turn = new HeldTurn();
        await using var node = await NodeHarness.Start(Waiting(turn));
        await Begin(node);

        var report = await node.Reload(Waiting(turn) with { Version = "v2" });

        Assert.Equal((ReloadVerdict.Committed, ActorNotice.MostNamed, Crowd), (report.Verdict, report.Late.Count, report.LateCount));
        Assert.Equal(ActorNotice.MostNamed, report.Late.DistinctBy(late => late.Actor).Count());
        Assert.All(report.Late, late => Assert.Equal(("Counting.Waiter", "its turn has not ended"), (late.Behavior, late.Reason)));
        using var pipe = new PipeClient(node.State, "main");
        using (var status = JsonDocument.Parse(await pipe.GetText("/v1/status")))
        {
            Assert.Equal((ActorNotice.MostNamed, Crowd), (status.RootElement.GetProperty("late").GetArrayLength(), status.RootElement.GetProperty("lateCount").GetInt32()));
            var old = Assert.Single(status.RootElement.GetProperty("oldVersions").EnumerateArray());
            Assert.Equal((ActorNotice.MostNamed, Crowd), (old.GetProperty("holders").GetArrayLength(), old.GetProperty("holderCount").GetInt32()));
        }

        Assert.Contains($"\nwatchreload_actors_late {Crowd}\n", await pipe.GetText("/v1/metrics"), StringComparison.Ordinal);
        turn.Release();
        await node.Until(s => s.LateCount == 0 && s.OldVersions.All(v => v is { State: "unloaded", HolderCount: 0 }));
        Assert.Empty(node.Status.Late);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_refusal_names_some_of_them_and_counts_the_others()
    {
        using var turn = new HeldTurn();
        await using var node = await NodeHarness.Start(Waiting(turn));
        await Begin(node);

        var report = await node.Reload(Waiting(turn) with { Version = "v2" }, r => r with { RefuseStragglers = true });

        Assert.Equal((ReloadVerdict.Refused, true), (report.Verdict, report.Transient));
        Assert.All(report.Problems.SkipLast(1), problem => Assert.Contains("is in a turn that does not end in time", problem, StringComparison.Ordinal));
        Assert.Equal($"And {Crowd - (report.Problems.Count - 1):N0} more actors would have been late.", report.Problems[^1]);
        Assert.InRange(report.Problems.Count, 2, 100);
        turn.Release();
    }

    [Fact(Timeout = 60_000)]
    public async Task An_actor_that_the_release_adds_is_not_counted_among_the_late()
    {
        await using var node = await NodeHarness.Start(new CountingService());
        var client = await node.Connect();
        Assert.Equal("v1 0", await client.Ask("count"));

        var report = await node.Reload(new CountingService
        {
            Version = "v2",
            Configure = "service.Actor<Board, int, string>(new ActorName<string>(\"board\"), () => 0);",
            More = "public sealed class Board : Behavior<int, string> { public override ValueTask<int> Receive(int s, string m, Context self) => new(s + 1); }",
        });

        Assert.Equal((ReloadVerdict.Committed, 0, 2), (report.Verdict, report.LateCount, node.Status.Actors.Total));
        Assert.Equal(2, report.Mapped);
    }

    [Fact(Timeout = 60_000)]
    public async Task Some_are_named_and_all_are_counted_when_more_are_parked_than_a_list_names()
    {
        using var turn = new HeldTurn();
        await using var node = await NodeHarness.Start(Waiting(turn));
        await Begin(node);
        // Those that have waited cannot be carried over, and nobody knows as long as they do.
        var failing = Waiting(turn) with { Version = "v2", More = More(turn, "throw new InvalidOperationException(\"fault\");") };
        Assert.Equal(Crowd, (await node.Reload(failing)).LateCount);

        turn.Release();
        await node.Until(s => s.ParkedCount == Crowd);

        var status = node.Status;
        Assert.Equal((ActorNotice.MostNamed, 0, 0), (status.Parked.Count, status.Late.Count, status.LateCount));
        Assert.All(status.Parked, parked => Assert.Contains("Upgrade threw InvalidOperationException: fault", parked.Reason, StringComparison.Ordinal));
        var old = Assert.Single(status.OldVersions);
        Assert.Equal((ActorNotice.MostNamed, Crowd), (old.Holders.Count, old.HolderCount));
        var report = await node.Reload(failing with { Version = "v3" });
        Assert.Equal((ReloadVerdict.Committed, ActorNotice.MostNamed, Crowd), (report.Verdict, report.Parked.Count, report.ParkedCount));
    }

    /// <summary>All of the crowd are in a turn.</summary>
    private static async Task Begin(NodeHarness node)
    {
        var client = await node.Connect();
        Assert.Equal("spawned", await client.Ask("spawn"));
        while (await client.Ask("waiting") != $"{Crowd}") await Task.Yield();
    }

    private static CountingService Waiting(HeldTurn turn) => new()
    {
        Commands = $"""
            case "spawn":
                for (var i = 0; i < {Crowd}; i++) self.Spawn<Waiter, WaiterState, WaiterMessage>(new WaiterState(0)).Send(new WaiterMessage());
                self.WriteLine("spawned");
                break;
            case "waiting": self.WriteLine(Waiter.Count.ToString()); break;
            """,
        More = More(turn, null),
    };

    /// <param name="turn">That all of them wait in.</param>
    /// <param name="upgrade">What becomes of those that have waited; null: they keep their shape.</param>
    private static string More(HeldTurn turn, string? upgrade) => $$"""
        public sealed record WaiterMessage;
        {{(upgrade is null ? "public sealed record WaiterState(int Waited);" : $$"""
            public sealed record WaiterStateV1(int Waited);
            public sealed record WaiterState(int Waited, string Grade) : IUpgrade<WaiterStateV1, WaiterState>
            {
                public WaiterState(int waited) : this(waited, "") { }
                public static WaiterState Upgrade(WaiterStateV1 old) { if (old.Waited == 1) { {{upgrade}} } return new(old.Waited, ""); }
            }
            """)}}
        public sealed class Waiter : Behavior<WaiterState, WaiterMessage>
        {
            private static int count;
            public static int Count => count;
            public override async ValueTask<WaiterState> Receive(WaiterState s, WaiterMessage m, Context self)
            {
                Interlocked.Increment(ref count);
                await {{turn.Wait}};
                return s with { Waited = 1 };
            }
        }
        """;
}
