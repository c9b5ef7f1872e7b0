using System.Net;
using System.Net.Sockets;
using WatchReload.Control;

namespace WatchReload.Hosting.Tests.Upgrading;

public sealed class ReloadTests
{
    private static readonly CountingService V1 = new();
    private static readonly CountingService V2 = new() { Version = "v2" };

    [Fact(Timeout = 60_000)]
    public async Task A_connection_keeps_its_socket_and_state_when_the_code_changes()
    {
        await using var node = await NodeHarness.Start(V1);
        var client = await node.Connect();
        Assert.Equal("ok", await client.Ask("add"));

        var report = await node.Reload(V2);

        Assert.Equal(ReloadVerdict.Committed, report.Verdict);
        Assert.Equal((1, 2), (report.PreviousVersion, report.Version));
        Assert.Equal(["load", "plan", "warmup", "prepare", "gate", "commit", "sweep", "codechange"], report.Phases.Select(p => p.Name));
        Assert.Equal("v2 1", await client.Ask("count"));
        Assert.Equal(new ReloadCounts(2, 0), node.Status.Reloads);
    }

    [Fact(Timeout = 60_000)]
    public async Task State_is_carried_over_by_shape_and_back_by_rollback()
    {
        const string one = """
            public sealed record ConnState(int Count, string Nick, List<Seen> Log, short Small, int Old);
            public sealed record Seen(string Text, int At);
            """;
        const string two = """
            public sealed record ConnState(int Count, [FormerName("Nick")] string Name, List<Seen> Log, long Small, int Added = 7);
            public sealed record Seen(string Text, int At, bool Read = true);
            """;
        var v1 = V1 with { State = one, First = "new ConnState(3, \"ann\", new() { new Seen(\"x\", 1) }, 5, 9)", Shown = "s.Nick + s.Log[0].Text + s.Small + s.Old" };
        await using var node = await NodeHarness.Start(v1);
        var client = await node.Connect();
        Assert.Equal("v1 annx59", await client.Ask("count"));

        var forward = await node.Reload(V2 with { State = two, First = "new ConnState(0, \"\", new(), 0)", Shown = "s.Name + s.Log[0].Text + s.Log[0].Read + s.Small + s.Added + s.Count" });

        Assert.Equal(ReloadVerdict.Committed, forward.Verdict);
        Assert.Equal("lossy", forward.Reversible);
        Assert.Contains(forward.Warnings, w => w.Contains("Old", StringComparison.Ordinal));
        Assert.Contains(forward.Losses, loss => loss.EndsWith(".Old: is removed, and has its default on the way back", StringComparison.Ordinal));
        Assert.Equal("v2 annxTrue573", await client.Ask("count"));

        var back = await node.Reload(v1 with { Version = "v3" }, r => r with { Rollback = true });

        Assert.Equal(ReloadVerdict.Committed, back.Verdict);
        Assert.Contains(back.Warnings, w => w.Contains(".Old gets its default", StringComparison.Ordinal));
        Assert.Equal("v3 annx50", await client.Ask("count"));
    }

    [Fact(Timeout = 60_000)]
    public async Task One_upgrade_that_throws_refuses_the_reload_and_every_actor_keeps_state_and_code()
    {
        await using var node = await NodeHarness.Start(V1);
        var clients = new List<LineClient>();
        for (var i = 0; i < 10; i++) clients.Add(await node.Connect());
        foreach (var client in clients) Assert.Equal("ok", await client.Ask("add"));
        Assert.Equal("ok", await clients[4].Ask("add"));

        var report = await node.Reload(V2 with
        {
            State = """
                public sealed record ConnStateV1(int Count);
                public sealed record ConnState(int Count, string Grade) : IUpgrade<ConnStateV1, ConnState>
                {
                    public static ConnState Upgrade(ConnStateV1 old) => old.Count == 1 ? new(old.Count, "good") : throw new InvalidOperationException("two is too many");
                }
                """,
            First = "new ConnState(0, \"\")",
        });

        Assert.Equal(ReloadVerdict.Refused, report.Verdict);
        var problem = Assert.Single(report.Problems);
        Assert.Contains("lines#5", problem, StringComparison.Ordinal);
        Assert.Contains("two is too many", problem, StringComparison.Ordinal);
        Assert.Equal("v1 2", await clients[4].Ask("count"));
        Assert.Equal("v1 1", await clients[9].Ask("count"));
        Assert.Equal(1, node.Status.Version);
        Assert.Empty(node.Status.Late);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("InvalidOperationException")]
    [InlineData("TimeoutException")]
    public async Task A_code_change_that_throws_is_taken_back(string fault)
    {
        await using var node = await NodeHarness.Start(V1);
        var client = await node.Connect();
        Assert.Equal("ok", await client.Ask("add"));

        var report = await node.Reload(V2 with { CodeChange = $"throw new {fault}(\"not today\");" });

        Assert.Equal(ReloadVerdict.TakenBack, report.Verdict);
        Assert.Contains($"CodeChange threw {fault}: not today", Assert.Single(report.Problems), StringComparison.Ordinal);
        Assert.Equal("v1 1", await client.Ask("count"));
        Assert.Equal(3, node.Status.Version);
        Assert.Equal("r000001", node.Status.Release);
        Assert.Equal("r000001", (await File.ReadAllTextAsync(node.State.Current("main"), TestContext.Current.CancellationToken)).Trim());
        Assert.NotEmpty(await File.ReadAllTextAsync(node.State.Bad, TestContext.Current.CancellationToken));
    }

    [Fact(Timeout = 60_000)]
    public async Task The_same_content_is_unchanged()
    {
        await using var node = await NodeHarness.Start(V1);
        var report = await node.Reload(V1);
        Assert.Equal((ReloadVerdict.Unchanged, "r000001"), (report.Verdict, report.Release)); // what runs, whatever the one that was asked for is called
        Assert.Equal((1, "r000001"), (node.Status.Version, node.Status.Release));
        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(V1, r => r with { Force = true })).Verdict);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_request_for_another_version_instance_or_of_an_old_fence_is_refused()
    {
        await using var node = await NodeHarness.Start(V1);
        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(V2, r => r with { Fence = 10 })).Verdict);
        var v3 = V1 with { Version = "v3" };
        Assert.Contains("fence", Assert.Single((await node.Reload(v3, r => r with { Fence = 10 })).Problems), StringComparison.Ordinal);
        Assert.Contains("version 1", Assert.Single((await node.Reload(v3, r => r with { Fence = 11, ExpectVersion = 1 })).Problems), StringComparison.Ordinal);
        Assert.Contains("another run", Assert.Single((await node.Reload(v3, r => r with { Fence = 12, ExpectInstance = "x" })).Problems), StringComparison.Ordinal);
        Assert.Equal(2, node.Status.Version);
    }

    [Fact(Timeout = 60_000)]
    public async Task An_actor_that_waits_in_a_turn_is_late_and_changes_over_when_the_turn_ends()
    {
        using var turn = new HeldTurn();
        await using var node = await NodeHarness.Start(V1 with { Commands = turn.Command });
        var client = await node.Connect();
        Assert.Equal("ok", await client.Ask("add"));
        await client.Send("wait");
        await turn.Entered;

        var refused = await node.Reload(V2, r => r with { RefuseStragglers = true });
        Assert.Contains("lines#1", Assert.Single(refused.Problems), StringComparison.Ordinal);

        var report = await node.Reload(V2);
        Assert.Equal("lines#1", Assert.Single(report.Late).Actor);
        Assert.Equal("lines#1", Assert.Single(node.Status.Late).Actor);
        var old = Assert.Single(node.Status.OldVersions);
        Assert.Equal("retiring", old.State);
        Assert.Contains("lines#1", Assert.Single(old.Holders), StringComparison.Ordinal);
        var other = await node.Connect();
        Assert.Equal("v2 0", await other.Ask("count"));

        await client.Send("count");
        turn.Release();
        Assert.Equal("waited", await client.Read());
        Assert.Equal("v2 1", await client.Read());
        await node.Until(s => s.Late.Count == 0 && s.OldVersions.All(v => v.State == "unloaded"));
    }

    [Fact(Timeout = 60_000)]
    public async Task An_added_listener_listens_after_the_commit_and_a_port_in_use_is_a_refusal()
    {
        await using var node = await NodeHarness.Start(V1);
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var second = "service.Listen(\"more\", \"{0}\").Lines(100).Accept<Conn, ConnState, ConnMessage>(_ => new ConnState(5));";

        var refused = await node.Reload(V2 with { Configure = second.Replace("{0}", taken.LocalEndpoint.ToString(), StringComparison.Ordinal) });
        Assert.Equal(ReloadVerdict.Refused, refused.Verdict);
        Assert.Contains("port is in use", Assert.Single(refused.Problems), StringComparison.Ordinal);
        Assert.True(refused.Transient);
        Assert.Single(node.Status.Listeners);

        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(V2 with { Configure = second.Replace("{0}", "127.0.0.1:0", StringComparison.Ordinal) })).Verdict);
        var client = await node.Connect("more");
        Assert.Equal("v2 5", await client.Ask("count"));
    }

    [Fact(Timeout = 60_000)]
    public async Task Timers_survive_and_their_messages_are_mapped()
    {
        const string start = "case \"tick\": self.Every(\"t\", TimeSpan.FromMilliseconds(20), new ConnMessage.Tick(4)); self.WriteLine(\"on\"); break;";
        const string receive = "if (m is ConnMessage.Tick t) s = s with { Count = s.Count + t.N }; return new(s);";
        await using var node = await NodeHarness.Start(V1 with { Commands = start, Receive = receive });
        var client = await node.Connect();
        Assert.Equal("on", await client.Ask("tick"));

        var report = await node.Reload(V2 with
        {
            Messages = "public abstract record ConnMessage { public sealed record Tick(long N, int Factor = 1000) : ConnMessage; }",
            Receive = "if (m is ConnMessage.Tick t) s = s with { Count = s.Count + (int)t.N * t.Factor }; return new(s);",
        });

        Assert.Equal(ReloadVerdict.Committed, report.Verdict);
        string? answer;
        do answer = await client.Ask("count");
        while (int.Parse(answer!.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture) < 4000);
        Assert.StartsWith("v2 ", answer, StringComparison.Ordinal);
        Assert.Equal(0, node.Status.DeadLetters);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_timer_that_brings_what_cannot_be_carried_over_refuses_the_release_and_goes_on()
    {
        const string start = "case \"tick\": self.Every(\"t\", TimeSpan.FromMilliseconds(20), new ConnMessage.Tick(4)); self.WriteLine(\"on\"); break;";
        const string receive = "if (m is ConnMessage.Tick t) s = s with { Count = s.Count + (int)t.N }; return new(s);";
        await using var node = await NodeHarness.Start(V1 with { Commands = start, Receive = receive });
        var client = await node.Connect();
        Assert.Equal("on", await client.Ask("tick"));
        var next = V2 with { Receive = receive, Messages = Changed("throw new InvalidOperationException(\"bad tick\")") };

        var refused = await node.Reload(next);
        Assert.Equal(ReloadVerdict.Refused, refused.Verdict);
        var problem = Assert.Single(refused.Problems);
        Assert.StartsWith("lines#1 (Counting.Conn) cannot be carried over: what the timer 't' brings: ", problem, StringComparison.Ordinal);
        Assert.Contains("bad tick", problem, StringComparison.Ordinal);
        var before = await Counted("v1");
        while (await Counted("v1") == before)
        {
        }

        refused = await node.Reload(next with { Messages = "public abstract record ConnMessage { public sealed record Other : ConnMessage; public sealed record Tick(int N); }", Receive = "return new(s);" });
        Assert.Equal("lines#1 (Counting.Conn) cannot be carried over: what the timer 't' brings: Counting.Conn receives no Counting.ConnMessage+Tick any more", Assert.Single(refused.Problems));

        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(next with { Messages = Changed("new Tick(old.N)") })).Verdict);
        before = await Counted("v2");
        while (await Counted("v2") == before)
        {
        }

        Assert.Equal(0, node.Status.DeadLetters);

        static string Changed(string upgrade) =>
            $$"""public abstract record ConnMessage { public sealed record TickV1(int N); public sealed record Tick(long N) : ConnMessage, IUpgrade<TickV1, Tick> { public static Tick Upgrade(TickV1 old) => {{upgrade}}; } }""";

        async Task<int> Counted(string version)
        {
            var answer = (await client.Ask("count"))!.Split(' ');
            Assert.Equal(version, answer[0]);
            return int.Parse(answer[1], System.Globalization.CultureInfo.InvariantCulture);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task A_behavior_with_live_actors_cannot_go()
    {
        const string board = "public sealed class Board : Behavior<int, string> { public override ValueTask<int> Receive(int s, string m, Context self) => new(s + 1); }";
        const string declare = "service.Actor<Board, int, string>(new ActorName<string>(\"board\"), () => 0);";
        await using var node = await NodeHarness.Start(V1 with { Configure = declare, More = board });

        var refused = await node.Reload(V2);
        Assert.Contains("Counting.Board", Assert.Single(refused.Problems), StringComparison.Ordinal);

        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(V2 with { More = board }, r => r with { ProbationSeconds = 0.1 })).Verdict);
        await node.Until(s => s.Trial is null && !s.Actors.ByBehavior.ContainsKey("Counting.Board"));
        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(V1 with { Version = "v3" })).Verdict);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_rehearsal_changes_nothing_and_a_held_reload_waits_for_a_word()
    {
        await using var node = await NodeHarness.Start(V1);
        var client = await node.Connect();
        var release = node.Releases.Write(V2.Compile());
        Assert.Equal(ReloadVerdict.Rehearsed, (await node.Reload(release, rehearse: true)).Verdict);
        Assert.Equal("v1 0", await client.Ask("count"));

        var held = await PreparedAndHeld.Begin(node, release);
        Assert.Equal("v1 0", await client.Ask("count"));
        Assert.Equal(ReloadVerdict.Committed, (await held.Commit()).Verdict);
        Assert.Equal("v2 0", await client.Ask("count"));

        var aborted = await PreparedAndHeld.Begin(node, V1 with { Version = "v3" });
        Assert.Equal(ReloadVerdict.Refused, (await aborted.Abort()).Verdict);
        Assert.Equal("v2 0", await client.Ask("count"));
    }

    /// <summary>The daemon walks the way beforehand; nobody waits for that, and nobody counts it.</summary>
    [Fact(Timeout = 60_000)]
    public async Task A_warmup_that_comes_after_a_reload_is_superseded_and_counts_as_no_refusal()
    {
        await using var node = await NodeHarness.Start(V1);
        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(V2, r => r with { Fence = 10 })).Verdict);
        var release = node.Releases.Write(V2.Compile());

        var late = await node.Reload(release, r => r with { Fence = 10, Cause = "warmup" }, rehearse: true);
        var other = await node.Reload(release, r => r with { Fence = 11, ExpectVersion = 1, Cause = "warmup" }, rehearse: true);

        Assert.Equal((ReloadVerdict.Superseded, ReloadVerdict.Superseded), (late.Verdict, other.Verdict));
        Assert.Equal(new ReloadCounts(2, 0), node.Status.Reloads);
        Assert.Equal(ReloadVerdict.Unchanged, (await node.Reload(release, r => r with { Fence = 11, Cause = "practice" }, rehearse: true)).Verdict);
        Assert.Contains("verdict=\"unchanged\"} 0", ((WatchReload.Hosting.Endpoint.INode)node.Node).Metrics(), StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task Fifty_reloads_in_a_row_leave_no_old_version_in_memory()
    {
        await using var node = await NodeHarness.Start(V1);
        var client = await node.Connect();
        for (var i = 2; i <= 51; i++)
        {
            Assert.Equal(ReloadVerdict.Committed, (await node.Reload(V1 with { Version = $"v{i}" })).Verdict);
            Assert.Equal("ok", await client.Ask("add"));
        }

        Assert.Equal("v51 50", await client.Ask("count"));
        await node.Until(s => s.OldVersions.Count == 50 && s.OldVersions.All(v => v.State == "unloaded"));
    }
}
