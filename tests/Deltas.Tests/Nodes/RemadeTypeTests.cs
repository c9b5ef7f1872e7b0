using WatchReload.Control;

namespace WatchReload.Deltas.Tests.Nodes;

/// <summary>Types that a delta makes anew, in a node with a connection: as after a load, without one.</summary>
public sealed class RemadeTypeTests
{
    private static readonly CountingService V1 = new();

    private static readonly CountingService Wider = V1 with
    {
        Version = "v2",
        State = "public sealed record ConnState(long Count, int Level = 3) { public List<string> Tags { get; init; } = [\"new\"]; }",
        Shown = "s.Count + \" \" + s.Level + \" \" + string.Join(',', s.Tags)",
    };

    [Fact(Timeout = 120_000)]
    public async Task State_of_another_shape_is_carried_over_on_the_same_connection_by_a_delta_as_by_a_load()
    {
        await using var node = await Started(V1);
        var client = await node.Harness.Connect();
        Assert.Equal("ok", await client.Ask("add"));

        var report = await node.Apply(Wider);

        Assert.Equal((ReloadVerdict.Committed, 2, "lossy"), (report.Verdict, report.Version, report.Reversible));
        Assert.Equal("v2 1 3 new", await client.Ask("count"));
        Assert.Equal("ok", await client.Ask("add"));
        Assert.Equal("v2 2 3 new", await client.Ask("count"));
        Assert.Equal("v2 0 3 new", await (await node.Harness.Connect()).Ask("count"));

        var renamed = Wider with { Version = "v3", State = Wider.State.Replace("int Level = 3", "[FormerName(\"Level\")] int Rank = 1", StringComparison.Ordinal), Shown = "s.Count + \" \" + s.Rank" };
        Assert.Equal((ReloadVerdict.Committed, 3), ((await node.Apply(renamed)).Verdict, node.Harness.Status.Version));
        Assert.Equal("v3 2 3", await client.Ask("count"));
        Assert.Equal(ReloadVerdict.Committed, (await node.Apply(renamed with { Version = "v4" })).Verdict); // a body, of the type that was made anew
        Assert.Equal("v4 2 3", await client.Ask("count"));
        Assert.Equal(2, node.Harness.Status.Actors.ByBehavior["Counting.Conn"]);
        Assert.Equal(3, Assert.Single(node.Harness.Status.Loaded!).Generation);

        var loaded = await node.Harness.Reload(Wider with { Version = "v5" });
        Assert.Equal(ReloadVerdict.Committed, loaded.Verdict);
        Assert.Equal("v5 2 3 new", await client.Ask("count"));
        Assert.Equal(ReloadVerdict.Committed, (await node.Harness.Reload(node.Release, request => request with { Rollback = true })).Verdict);
        Assert.Equal("v1 2", await client.Ask("count"));
    }

    [Fact(Timeout = 120_000)]
    public async Task Nothing_changes_when_the_plan_refuses_the_new_shape_and_the_next_delta_goes_on()
    {
        await using var node = await Started(V1);
        var client = await node.Harness.Connect();
        Assert.Equal("ok", await client.Ask("add"));

        var report = await node.Apply(V1 with { Version = "v2", State = "public sealed record ConnState(int Count, string Name);", First = "new ConnState(0, \"\")" });

        Assert.Equal(ReloadVerdict.Refused, report.Verdict);
        Assert.Contains("ConnState.Name: is new and has no default", Assert.Single(report.Problems), StringComparison.Ordinal);
        Assert.Equal((1, 0, "r000001"), (node.Harness.Status.Version, node.Harness.Status.Deltas, node.Harness.Status.Release));
        Assert.Equal("v1 1", await client.Ask("count"));
        Assert.Equal("ok", await client.Ask("add"));
        Assert.Equal("v1 2", await client.Ask("count"));
        Assert.Equal("v1 0", await (await node.Harness.Connect()).Ask("count"));

        Assert.Equal(ReloadVerdict.Committed, (await node.Apply(V1 with { Version = "v3", State = "public sealed record ConnState(int Count, string Name = \"ann\");", Shown = "s.Count + s.Name" })).Verdict);
        Assert.Equal("v3 2ann", await client.Ask("count"));
        Assert.Equal(ReloadVerdict.Committed, (await node.Apply(V1)).Verdict);
        Assert.Equal("v1 2", await client.Ask("count"));
    }

    [Fact(Timeout = 120_000)]
    public async Task Turn_that_is_suspended_ends_in_the_types_of_before_and_its_state_follows()
    {
        const string More = "public static class Held { public static readonly TaskCompletionSource Turn = new(); }";
        var slow = V1 with { More = More, Commands = "case \"slow\": self.WriteLine(\"waits\"); await Held.Turn.Task; s = s with { Count = s.Count + 10 }; self.WriteLine(s.ToString()); break; case \"go\": Held.Turn.SetResult(); self.WriteLine(\"goes\"); break;" };
        await using var node = await Started(slow);
        var client = await node.Harness.Connect();
        var other = await node.Harness.Connect();
        Assert.Equal("waits", await client.Ask("slow"));

        var report = await node.Apply(slow with { Version = "v2", State = Wider.State, Shown = Wider.Shown });

        Assert.Equal(ReloadVerdict.Committed, report.Verdict);
        Assert.Equal("Counting.Conn", Assert.Single(report.Late).Behavior);
        Assert.Equal("v2 0 3 new", await other.Ask("count"));
        Assert.Equal("goes", await other.Ask("go"));
        Assert.Equal("ConnState { Count = 10 }", await client.Read());
        Assert.Equal("v2 10 3 new", await client.Ask("count"));
    }

    [Fact(Timeout = 120_000)]
    public async Task What_stands_behind_an_interface_is_carried_over_when_it_alone_is_another()
    {
        var shapes = V1 with
        {
            State = "public sealed record ConnState(int Count, IReadOnlyList<IShape> Shapes);",
            First = "new ConnState(0, [new Circle(2), new Square(3)])",
            Shown = "string.Join(' ', s.Shapes.Select(shape => shape.Area))",
            More = "public interface IShape { int Area { get; } } public sealed record Circle(int R) : IShape { public int Area => 3 * R * R; } public sealed record Square(int A) : IShape { public int Area => A * A; }",
        };
        await using var node = await Started(shapes);
        var client = await node.Harness.Connect();
        Assert.Equal("v1 12 9", await client.Ask("count"));

        Assert.Equal(ReloadVerdict.Committed, (await node.Apply(shapes with { More = shapes.More.Replace("Circle(int R) : IShape { public int Area => 3 * R * R; }", "Circle(int R, int Times = 2) : IShape { public int Area => 3 * R * R * Times; }", StringComparison.Ordinal) })).Verdict);

        Assert.Equal("v1 24 9", await client.Ask("count"));
    }

    /// <summary>What the refused delta has made stays in the assembly, and the source has it still.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Types_of_a_refused_delta_serve_when_the_next_one_mends_what_was_refused()
    {
        await using var node = await Started(V1);
        var client = await node.Harness.Connect();
        Assert.Equal("ok", await client.Ask("add"));

        Assert.Equal(ReloadVerdict.Refused, (await node.Apply(Wider with { Configure = "throw new InvalidOperationException(\"not today\");" })).Verdict);
        Assert.Equal("v1 1", await client.Ask("count"));

        Assert.Equal(ReloadVerdict.Committed, (await node.Apply(Wider)).Verdict);
        Assert.Equal("v2 1 3 new", await client.Ask("count"));
    }

    [Fact(Timeout = 120_000)]
    public async Task What_the_service_configures_is_another_when_that_alone_is_edited()
    {
        await using var node = await Started(V1);
        var client = await node.Harness.Connect();

        Assert.Equal(ReloadVerdict.Committed, (await node.Apply(V1 with { First = "new ConnState(7)" })).Verdict);

        Assert.Equal("v1 0", await client.Ask("count"));
        Assert.Equal("v1 7", await (await node.Harness.Connect()).Ask("count"));
        Assert.Equal(ReloadVerdict.Refused, (await node.Apply(V1 with { Configure = "throw new InvalidOperationException(\"not today\");" })).Verdict);
        Assert.Equal((2, "v1 7"), (node.Harness.Status.Version, await (await node.Harness.Connect()).Ask("count")));
        Assert.Equal(ReloadVerdict.Committed, (await node.Apply(V1 with { First = "new ConnState(8)" })).Verdict);
        Assert.Equal("v1 8", await (await node.Harness.Connect()).Ask("count"));
    }

    private static async Task<DeltaNode> Started(CountingService service)
    {
        var harness = new NodeHarness { Deltas = true };
        var compiled = service.Compile();
        var release = harness.Releases.Write(compiled);
        Assert.Null(await harness.StartOn(release));
        return new DeltaNode(harness, compiled, release);
    }
}
