using WatchReload.Control;

namespace WatchReload.Deltas.Tests.Nodes;

/// <summary>Types that come with a delta, in a node with a connection: as with a load, without one.</summary>
public sealed class AddedTypeTests
{
    private const string Greets = "case \"greet\": self.WriteLine(new Greeting(\"ann\").Said()); break;";
    private static readonly CountingService V1 = new();

    private static readonly CountingService V2 = V1 with
    {
        Version = "v2",
        Commands = Greets,
        More = "public sealed record Greeting(string Name, int Times = 1) { public string Said() { Func<string> said = () => $\"hello {Name} {Times}\"; return said(); } }",
    };

    [Fact(Timeout = 120_000)]
    public async Task Type_comes_with_the_body_that_uses_it_is_edited_by_deltas_and_is_gone_with_the_release_before()
    {
        await using var node = await DeltaNode.Start(V1);
        var client = await node.Harness.Connect();
        Assert.Equal("ok", await client.Ask("add"));

        var report = await node.Apply(V2);
        Assert.Equal((ReloadVerdict.Committed, 2, "yes"), (report.Verdict, report.Version, report.Reversible));
        Assert.Equal("hello ann 1", await client.Ask("greet"));
        Assert.Equal("v2 1", await client.Ask("count"));

        var body = V2 with { More = V2.More.Replace("$\"hello", "$\"HELLO", StringComparison.Ordinal) };
        Assert.Equal(ReloadVerdict.Committed, (await node.Apply(body)).Verdict);
        Assert.Equal("HELLO ann 1", await client.Ask("greet"));

        var remade = body with { More = body.More.Replace("int Times = 1", "long Times = 2, bool Loud = true", StringComparison.Ordinal) };
        Assert.Equal(ReloadVerdict.Committed, (await node.Apply(remade)).Verdict);
        Assert.Equal("HELLO ann 2", await client.Ask("greet"));
        Assert.Equal(3, Assert.Single(node.Harness.Status.Loaded!).Generation);

        Assert.Equal(ReloadVerdict.Committed, (await node.Harness.Reload(node.Release, request => request with { Rollback = true })).Verdict);
        Assert.Equal("?", await client.Ask("greet"));
        Assert.Equal("v1 1", await client.Ask("count"));
    }

    [Fact(Timeout = 120_000)]
    public async Task State_gets_a_member_of_a_type_that_comes_with_it_and_a_load_carries_it_over()
    {
        await using var node = await DeltaNode.Start(V1);
        var client = await node.Harness.Connect();
        Assert.Equal("ok", await client.Ask("add"));
        var moody = V1 with
        {
            Version = "v2",
            State = "public sealed record ConnState(int Count) { public Mood Of { get; init; } = new(\"good\", Level.High); }",
            Shown = "s.Count + \" \" + s.Of.Text + \" \" + s.Of.At",
            Commands = "case \"worse\": s = s with { Of = new Mood(\"bad\", Level.Low) }; self.WriteLine(\"ok\"); break;",
            More = "public enum Level { Low, High } public sealed record Mood(string Text, Level At);",
        };

        Assert.Equal(ReloadVerdict.Committed, (await node.Apply(moody)).Verdict);
        Assert.Equal("v2 1 good High", await client.Ask("count"));
        Assert.Equal("ok", await client.Ask("worse"));

        Assert.Equal(ReloadVerdict.Committed, (await node.Harness.Reload(moody with { Version = "v3", More = moody.More.Replace("Low, High", "Lowest, Low, High", StringComparison.Ordinal) })).Verdict);
        Assert.Equal("v3 1 bad Low", await client.Ask("count"));
    }

    [Fact(Timeout = 120_000)]
    public async Task Message_of_a_type_that_came_is_received_by_what_the_next_load_makes_of_it()
    {
        var time = new FakeTime();
        await using var node = await DeltaNode.Start(V1, time);
        var client = await node.Harness.Connect();
        var later = V1 with { Commands = "case \"later\": self.After(\"later\", TimeSpan.FromSeconds(5), new Bye(7)); self.WriteLine(\"ok\"); break;", More = "public sealed record Bye(int N) : ConnMessage;" };

        Assert.Equal(ReloadVerdict.Committed, (await node.Apply(later)).Verdict);
        Assert.Equal("ok", await client.Ask("later"));
        Assert.Equal(ReloadVerdict.Committed, (await node.Apply(later with { More = later.More.Replace("int N", "long N, string Of = \"anew\"", StringComparison.Ordinal) })).Verdict);
        Assert.Equal(ReloadVerdict.Committed, (await node.Harness.Reload(later with { More = later.More.Replace("int N", "long N, string Of = \"anew\", int More = 3", StringComparison.Ordinal) })).Verdict);
        time.Advance(TimeSpan.FromSeconds(6));

        Assert.Equal("tick Bye { N = 7, Of = anew, More = 3 }", await client.Read());
    }

    /// <summary>With a body that is edited: a load would have touched nothing either.</summary>
    [Theory(Timeout = 120_000)]
    [InlineData("public sealed record Bye(Action Then) : ConnMessage;", "System.Action is not state")]
    [InlineData("public sealed class Other(System.Text.StringBuilder needed) : ConnectionBehavior<ConnState, ConnMessage> { public override ValueTask<ConnState> Frame(ConnState s, ReadOnlyMemory<byte> frame, Context self) => new(s); public override ValueTask<ConnState> Receive(ConnState s, ConnMessage m, Context self) { needed.Clear(); return new(s); } }", "StringBuilder")]
    public async Task What_serves_goes_on_when_the_node_refuses_a_type_that_comes_and_the_mended_one_goes_by_delta(string type, string why)
    {
        await using var node = await DeltaNode.Start(V1);
        var client = await node.Harness.Connect();
        Assert.Equal("ok", await client.Ask("add"));

        var report = await node.Apply(V1 with { Version = "v2", More = type });
        Assert.Equal((ReloadVerdict.Refused, 1), (report.Verdict, node.Harness.Status.Version));
        Assert.Contains(why, string.Join(' ', report.Problems), StringComparison.Ordinal);
        Assert.Equal("v1 1", await client.Ask("count"));

        var mended = type.Replace("Action Then", "int Then", StringComparison.Ordinal).Replace("System.Text.StringBuilder needed", "", StringComparison.Ordinal).Replace("needed.Clear();", "", StringComparison.Ordinal);
        Assert.Equal(ReloadVerdict.Committed, (await node.Apply(V1 with { Version = "v3", More = mended })).Verdict);
        Assert.Equal("v3 1", await client.Ask("count"));
    }

    /// <summary>What came and was refused stays in the assembly, and is what the next delta means by its name.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Nothing_changes_when_a_type_comes_with_a_state_that_the_plan_refuses()
    {
        await using var node = await DeltaNode.Start(V1);
        var client = await node.Harness.Connect();
        Assert.Equal("ok", await client.Ask("add"));
        var refused = V1 with { Version = "v2", State = "public sealed record ConnState(int Count, Mood Of);", First = "new ConnState(0, new Mood(1))", More = "public sealed record Mood(int Level);" };

        Assert.Equal(ReloadVerdict.Refused, (await node.Apply(refused)).Verdict);
        Assert.Equal("v1 1", await client.Ask("count"));

        var mended = refused with { State = "public sealed record ConnState(int Count, Mood? Of = null);", Shown = "s.Count + \" \" + (s.Of?.Level ?? -1)" };
        Assert.Equal(ReloadVerdict.Committed, (await node.Apply(mended)).Verdict);
        Assert.Equal("v2 1 -1", await client.Ask("count"));
        Assert.Equal("v2 0 1", await (await node.Harness.Connect()).Ask("count"));
    }

    [Fact(Timeout = 120_000)]
    public async Task Service_configures_with_a_type_that_comes_and_that_mentions_one_that_is_made_anew()
    {
        await using var node = await DeltaNode.Start(V1);
        var client = await node.Harness.Connect();
        Assert.Equal("ok", await client.Ask("add"));

        var report = await node.Apply(V1 with
        {
            Version = "v2",
            State = "public sealed record ConnState(int Count, int More = 3);",
            First = "new Firsts(7).Made()",
            Shown = "s.Count + \" \" + s.More",
            More = "public sealed class Firsts(int count) { public ConnState Made() => new(count, 5); }",
        });

        Assert.Equal(ReloadVerdict.Committed, report.Verdict);
        Assert.Equal("v2 1 3", await client.Ask("count"));
        Assert.Equal("v2 7 5", await (await node.Harness.Connect()).Ask("count"));
    }
}
