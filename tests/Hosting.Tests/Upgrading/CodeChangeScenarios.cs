using WatchReload.Control;
using WatchReload.Hosting.Endpoint;

namespace WatchReload.Hosting.Tests.Upgrading;

/// <summary>Actors that change over: what Erlang/OTP's own suites test of it, by the same sentences.</summary>
public sealed class CodeChangeScenarios
{
    private static readonly CountingService V1 = new();
    private static readonly CountingService V2 = new() { Version = "v2" };

    [Fact(Timeout = 120_000)]
    public async Task A_160_actors_hop_through_six_versions_four_passes()
    {
        const int actors = 160, versions = 6, passes = 4;
        await using var node = await NodeHarness.Start(Hoppers(0));
        var client = await node.Connect();
        var releases = Enumerable.Range(1, versions).Select(version => node.Releases.Write(Hoppers(version).Compile())).ToArray();

        for (var hop = 0; hop < passes * versions; hop++)
        {
            var report = await node.Reload(releases[hop % versions]);
            Assert.Equal((ReloadVerdict.Committed, actors + 1), (report.Verdict, report.Mapped));
            await client.Send("hops");
            for (var actor = 0; actor < actors; actor++) Assert.Equal($"{hop + 1} hops, now {(hop % versions) + 1}", await client.Read());
        }

        await node.Until(status => status.OldVersions.All(version => version.State == "unloaded"));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_failing_CodeChange_names_its_actor_old_state_kept()
    {
        await using var node = await NodeHarness.Start(V1);
        var (one, two) = (await node.Connect(), await node.Connect());
        Assert.Equal(("ok", "ok"), (await one.Ask("add"), await two.Ask("add")));
        Assert.Equal("ok", await two.Ask("add"));

        var report = await node.Reload(Graded("old.Count < 2 ? new(old.Count, 1) : throw new InvalidOperationException(\"too many\")"));

        Assert.Equal(ReloadVerdict.Refused, report.Verdict);
        Assert.Equal("lines#2 (Counting.Conn) cannot be carried over: ConnState: Upgrade threw InvalidOperationException: too many", Assert.Single(report.Problems).Replace("Counting.ConnState", "ConnState", StringComparison.Ordinal));
        Assert.Equal(("v1 1", "v1 2"), (await one.Ask("count"), await two.Ask("count")));
    }

    [Fact(Timeout = 60_000)]
    public async Task Up_then_down_again()
    {
        await using var node = await NodeHarness.Start(V1);
        var client = await node.Connect();
        Assert.Equal("ok", await client.Ask("add"));

        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(Graded("new(old.Count, 7)"))).Verdict);
        Assert.Equal(("v2 1/7", "ok"), (await client.Ask("count"), await client.Ask("add")));
        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(V1, request => request with { Rollback = true })).Verdict);

        // Downgrade of the version that was left has counted the grade in.
        Assert.Equal("v1 9", await client.Ask("count"));
    }

    [Fact(Timeout = 60_000)]
    public async Task Removed_behavior_with_live_actors_is_a_refusal()
    {
        const string board = "public sealed class Board : Behavior<int, string> { public override ValueTask<int> Receive(int s, string m, Context self) => new(s + 1); }";
        await using var node = await NodeHarness.Start(V1 with { More = board, Configure = "service.Actor<Board, int, string>(new ActorName<string>(\"board\"), () => 0);" });

        var report = await node.Reload(V2);

        Assert.Equal(ReloadVerdict.Refused, report.Verdict);
        Assert.Equal("1 actors of Counting.Board run, and the release has no such behavior. Stop declaring it first, and delete the class a release later.", Assert.Single(report.Problems));
        Assert.Equal("v1 0", await (await node.Connect()).Ask("count"));
    }

    [Fact(Timeout = 60_000)]
    public async Task Declared_actor_with_another_behavior_is_a_refusal()
    {
        const string boards = "public sealed class Board : Behavior<int, string> { public override ValueTask<int> Receive(int s, string m, Context self) => new(s + 1); } public sealed class Table : Behavior<int, string> { public override ValueTask<int> Receive(int s, string m, Context self) => new(s + 2); }";
        CountingService Declaring(string behavior) => V1 with { More = boards, Configure = $"service.Actor<{behavior}, int, string>(new ActorName<string>(\"board\"), () => 0);" };
        await using var node = await NodeHarness.Start(Declaring("Board"));

        var report = await node.Reload(Declaring("Table"));

        Assert.Equal(ReloadVerdict.Refused, report.Verdict);
        Assert.Equal("The actor 'board' runs as Counting.Board and is declared as Counting.Table. Stop declaring it for one release, or give the new one another name.", Assert.Single(report.Problems));
        Assert.Equal("v1 0", await (await node.Connect()).Ask("count"));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(false, "Counting.Board has actors that run and cannot become a connection's behavior. Give the new one another name.")]
    [InlineData(true, "Counting.Board has actors that run and cannot become a plain behavior. Give the new one another name.")]
    public async Task Behavior_with_live_actors_that_becomes_a_connections_or_a_plain_one_is_a_refusal(bool wasOfConnections, string problem)
    {
        const string receive = "public override ValueTask<int> Receive(int s, string m, Context self) => new(s + 1);";
        CountingService Board(bool ofConnections) => V1 with
        {
            More = ofConnections
                ? $"public sealed class Board : ConnectionBehavior<int, string> {{ public override ValueTask<int> Frame(int s, ReadOnlyMemory<byte> frame, Context self) {{ self.WriteLine(\"board\"); return new(s); }} {receive} }}"
                : $"public sealed class Board : Behavior<int, string> {{ {receive} }}",
            Configure = ofConnections
                ? "service.Listen(\"boards\", \"127.0.0.1:0\").Lines(4096).Accept<Board, int, string>(_ => 0);"
                : "service.Actor<Board, int, string>(new ActorName<string>(\"board\"), () => 0);",
        };
        await using var node = await NodeHarness.Start(Board(wasOfConnections));
        if (wasOfConnections) Assert.Equal("board", await (await node.Connect("boards")).Ask("any"));

        var report = await node.Reload(Board(!wasOfConnections));

        Assert.Equal(ReloadVerdict.Refused, report.Verdict);
        Assert.Equal(problem, Assert.Single(report.Problems));
        Assert.Equal("v1 0", await (await node.Connect()).Ask("count"));
    }

    [Fact(Timeout = 60_000)]
    public async Task Actors_spawned_during_the_reload_are_on_the_new_version()
    {
        await using var node = await NodeHarness.Start(V1);
        var held = node.Reload(node.Releases.Write(Graded("new(old.Count, 7)").Compile()), id: "held", hold: TimeSpan.FromMinutes(1));
        var spawned = await node.Connect();
        Assert.Equal("ok", await spawned.Ask("add"));
        await node.Until(_ => ((INode)node.Node).Decide("held", commit: true));

        Assert.Equal(ReloadVerdict.Committed, (await held).Verdict);
        Assert.Equal("v2 1/7", await spawned.Ask("count"));
    }

    /// <summary>By a turn of the old code, when every actor has been prepared: one of them has a turn in it too.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Actors_spawned_by_a_turn_during_the_reload_are_on_the_new_version()
    {
        await using var node = await NodeHarness.Start(Parents("v1", "public sealed record ChildState(int Count);"));
        var client = await node.Connect();
        Assert.Equal("ok", await client.Ask("spawn"));
        var prepared = await PreparedAndHeld.Begin(node, Parents("v2", "public sealed record ChildState(long Count, int Grade = 7);", "s.Count + \"/\" + s.Grade"));

        for (var i = 0; i < 3; i++) Assert.Equal("ok", await client.Ask("spawn"));
        Assert.Equal("child v1 103", await client.Ask("child 3"));

        Assert.Equal(ReloadVerdict.Committed, (await prepared.Commit()).Verdict);
        Assert.Equal(5, node.Status.Actors.Total);
        foreach (var (child, state) in new[] { "100/7", "101/7", "102/7", "104/7" }.Index()) Assert.Equal($"child v2 {state}", await client.Ask($"child {child}"));
        await node.Until(status => status.OldVersions.All(version => version.State == "unloaded"));
    }

    [Fact(Timeout = 60_000)]
    public async Task An_actor_spawned_by_a_turn_during_the_reload_refuses_it_when_it_cannot_be_carried_over()
    {
        await using var node = await NodeHarness.Start(Parents("v1", "public sealed record ChildState(int Count);"));
        var client = await node.Connect();
        Assert.Equal("ok", await client.Ask("spawn"));
        var prepared = await PreparedAndHeld.Begin(node, Parents("v2", """
            public sealed record ChildStateV1(int Count);
            public sealed record ChildState(long Count) : IUpgrade<ChildStateV1, ChildState>
            {
                public static ChildState Upgrade(ChildStateV1 old) => old.Count == 100 ? new(old.Count) : throw new InvalidOperationException("one too many");
            }
            """));

        Assert.Equal("ok", await client.Ask("spawn"));
        var report = await prepared.Commit();

        Assert.Equal(ReloadVerdict.Refused, report.Verdict);
        Assert.Contains("one too many", Assert.Single(report.Problems), StringComparison.Ordinal);
        Assert.Equal(("child v1 100", "child v1 101"), (await client.Ask("child 0"), await client.Ask("child 1")));
        Assert.Equal((0, 0, 1), (node.Status.ParkedCount, node.Status.LateCount, node.Status.Version));
    }

    private static CountingService Graded(string upgrade) => V2 with
    {
        Shown = "s.Count + \"/\" + s.Grade",
        State = $$"""
            public sealed record ConnStateV1(int Count);
            public sealed record ConnState(int Count, int Grade) : IUpgrade<ConnStateV1, ConnState>, IDowngrade<ConnState, ConnStateV1>
            {
                public static ConnState Upgrade(ConnStateV1 old) => {{upgrade}};
                public static ConnStateV1 Downgrade(ConnState s) => new(s.Count + s.Grade);
            }
            """,
        First = "new ConnState(0, 0)",
    };

    /// <summary>Connections that spawn actors, from 100 on, which count what they are asked.</summary>
    private static CountingService Parents(string version, string child, string shown = "s.Count") => V1 with
    {
        Version = version,
        State = "public sealed record ConnState(int Count, List<ActorRef<ChildMessage>> Children);",
        First = "new ConnState(0, [])",
        Messages = "public abstract record ConnMessage { public sealed record Child(string Text) : ConnMessage; }",
        Receive = "self.WriteLine(((ConnMessage.Child)m).Text); return new(s);",
        Commands = """
            case "spawn": s.Children.Add(self.Spawn<Child, ChildState, ChildMessage>(new ChildState(100 + s.Children.Count))); self.WriteLine("ok"); break;
            case ['c', 'h', 'i', 'l', 'd', ' ', .. var number]: s.Children[int.Parse(number)].Send(new ChildMessage(self.Self)); break;
            """,
        More = $$"""
            {{child}}
            public sealed record ChildMessage(ActorRef<ConnMessage> To);
            public sealed class Child : Behavior<ChildState, ChildMessage>
            {
                public override ValueTask<ChildState> Receive(ChildState s, ChildMessage m, Context self)
                {
                    m.To.Send(new ConnMessage.Child($"child {{version}} {{{shown}}}"));
                    return new(s with { Count = s.Count + 1 });
                }
            }
            """,
    };

    /// <summary>160 actors that count how often their code has changed. Their state has another shape in every other version.</summary>
    private static CountingService Hoppers(int version) => V1 with
    {
        Version = $"v{version}",
        Messages = "public abstract record ConnMessage { public sealed record Hops(string Text) : ConnMessage; }",
        Receive = "self.WriteLine(((ConnMessage.Hops)m).Text); return new(s);",
        Commands = "case \"hops\": for (var i = 0; i < 160; i++) self.Find(Hopper.Name(i)).Send(new HopperMessage(self.Self)); break;",
        Configure = "for (var i = 0; i < 160; i++) service.Actor<Hopper, HopperState, HopperMessage>(Hopper.Name(i), () => new HopperState(0));",
        More = $$"""
            public sealed record HopperState({{(version % 2 == 0 ? "int Hops" : "int Hops, string Added = \"\"")}});
            public sealed record HopperMessage(ActorRef<ConnMessage> To);
            public sealed class Hopper : Behavior<HopperState, HopperMessage>
            {
                public static ActorName<HopperMessage> Name(int i) => new("hopper" + i);
                public override ValueTask<HopperState> Started(HopperState s, StartReason why, Context self) => new(why == StartReason.CodeChanged ? s with { Hops = s.Hops + 1 } : s);
                public override ValueTask<HopperState> Receive(HopperState s, HopperMessage m, Context self) { m.To.Send(new ConnMessage.Hops($"{s.Hops} hops, now {{version}}")); return new(s); }
            }
            """,
    };
}
