using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
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
        await using var node = await DeltaNode.Start(V1);
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
        await using var node = await DeltaNode.Start(V1);
        var client = await node.Harness.Connect();
        Assert.Equal("ok", await client.Ask("add"));

        var report = await node.Apply(V1 with { Version = "v2", State = "public sealed record ConnState(int Count, string Name);", First = "new ConnState(0, \"\")" });

        Assert.Equal(ReloadVerdict.Refused, report.Verdict);
        Assert.Contains("ConnState.Name: is new and has no default", Assert.Single(report.Problems), StringComparison.Ordinal);
        Assert.Equal((1, 0, "r000001"), (node.Harness.Status.Version, node.Harness.Status.Deltas, node.Harness.Status.Release));
        Assert.Equal(0, node.Harness.Status.Reloads.Refused); // the release of the tree follows, and has the verdict
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
        await using var node = await DeltaNode.Start(slow);
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
        await using var node = await DeltaNode.Start(shapes);
        var client = await node.Harness.Connect();
        Assert.Equal("v1 12 9", await client.Ask("count"));

        var twice = shapes.More.Replace("Circle(int R) : IShape { public int Area => 3 * R * R; }", "Circle(int R) : IShape { public int Area => 3 * R * R * Times; public int Times => 2; }", StringComparison.Ordinal);
        var report = await node.Apply(shapes with { More = twice });
        Assert.Equal((ReloadVerdict.Committed, "yes"), (report.Verdict, report.Reversible));
        Assert.Equal("v1 24 9", await client.Ask("count"));
    }

    /// <summary>The message's own type, of the same assembly, is not made anew.</summary>
    [Fact(Timeout = 120_000)]
    public async Task What_a_queued_message_holds_behind_an_interface_is_carried_over_too()
    {
        var shapes = V1 with
        {
            Messages = "public abstract record ConnMessage { public sealed record Draw(IShape Shape) : ConnMessage; }",
            Receive = "self.WriteLine(m is ConnMessage.Draw { Shape: Circle circle } ? $\"circle {circle.Area}\" : \"stranger\"); return new(s);",
            More = "public interface IShape { int Area { get; } } public sealed record Circle(int R) : IShape { public int Area => 3 * R * R; } public static class Held { public static readonly TaskCompletionSource Turn = new(); }",
            Commands = "case \"slow\": self.Self.Send(new ConnMessage.Draw(new Circle(2))); self.WriteLine(\"waits\"); await Held.Turn.Task; break; case \"go\": Held.Turn.SetResult(); self.WriteLine(\"goes\"); break;",
        };
        await using var node = await DeltaNode.Start(shapes);
        var (client, other) = (await node.Harness.Connect(), await node.Harness.Connect());
        Assert.Equal("waits", await client.Ask("slow"));

        var twice = shapes.More.Replace("public int Area => 3 * R * R; }", "public int Area => 3 * R * R * Times; public int Times => 2; }", StringComparison.Ordinal);
        Assert.Equal(ReloadVerdict.Committed, (await node.Apply(shapes with { More = twice })).Verdict);

        Assert.Equal("goes", await other.Ask("go"));
        Assert.Equal("circle 24", await client.Read());
    }

    /// <summary>What the refused delta has made stays in the assembly, and the source has it still.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Types_of_a_refused_delta_serve_when_the_next_one_mends_what_was_refused()
    {
        await using var node = await DeltaNode.Start(V1);
        var client = await node.Harness.Connect();
        Assert.Equal("ok", await client.Ask("add"));

        Assert.Equal(ReloadVerdict.Refused, (await node.Apply(Wider with { Configure = "throw new InvalidOperationException(\"not today\");" })).Verdict);
        Assert.Equal("v1 1", await client.Ask("count"));

        Assert.Equal(ReloadVerdict.Committed, (await node.Apply(Wider)).Verdict);
        Assert.Equal("v2 1 3 new", await client.Ask("count"));
    }

    [Fact(Timeout = 120_000)]
    public async Task What_serves_goes_on_when_a_type_that_was_to_be_made_anew_is_not_there_and_a_load_comes_next()
    {
        await using var node = await DeltaNode.Start(V1);
        var client = await node.Harness.Connect();
        Assert.Equal("ok", await client.Ask("add"));
        var delta = node.Make(Wider);

        var report = await node.Send(delta with { Remade = [.. delta.Remade, "Counting.Nowhere"] });

        Assert.Equal((ReloadVerdict.Refused, 1), (report.Verdict, node.Harness.Status.Version));
        Assert.Contains("does not load Counting.Nowhere", Assert.Single(report.Problems), StringComparison.Ordinal);
        Assert.Equal("v1 1", await client.Ask("count"));
        Assert.Contains("is not known", Assert.Single((await node.Apply(Wider with { State = Wider.State.Replace("Level = 3", "Level = 4", StringComparison.Ordinal) })).Problems), StringComparison.Ordinal);
        Assert.Equal((ReloadVerdict.Committed, 2), ((await node.Harness.Reload(Wider)).Verdict, node.Harness.Status.Version));
        Assert.Equal("v2 1 3 new", await client.Ask("count"));
        Assert.Equal(0, Assert.Single(node.Harness.Status.Loaded!).Generation);
    }

    /// <summary>It would bring what was refused, and could not be refused itself once it is applied.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Body_is_left_to_a_load_while_what_a_delta_brought_before_is_refused()
    {
        await using var node = await DeltaNode.Start(V1);
        var client = await node.Harness.Connect();
        var refused = V1 with { State = "public sealed record ConnState(int Count, string Name);", First = "new ConnState(0, \"\")" };
        Assert.Equal(ReloadVerdict.Refused, (await node.Apply(refused)).Verdict);

        var report = await node.Apply(refused with { Version = "v2" });

        Assert.Equal((ReloadVerdict.Refused, 1), (report.Verdict, node.Harness.Status.Version));
        Assert.Contains("An earlier delta was applied and refused", Assert.Single(report.Problems), StringComparison.Ordinal);
        Assert.Equal("v1 0", await client.Ask("count"));
    }

    /// <summary>The runtime does not find them there: more than 25 constants, one of which somebody has looked for.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Defaults_of_parameters_are_those_of_the_source_in_an_assembly_of_many_constants()
    {
        var many = V1 with { More = $"public static class Many {{ {string.Concat(Enumerable.Range(0, 30).Select(i => $"public const int C{i} = {i};"))} }}", Messages = V1.Messages + " public enum Mood { Good, Bad, Worse }" };
        await using var node = await DeltaNode.Start(many);
        var client = await node.Harness.Connect();
        Assert.Equal("ok", await client.Ask("add"));
        var shown = many with { State = "public sealed record ConnState(int Count, int A = 3);", Shown = "s.Count + \" \" + s.A" };
        Assert.Equal(ReloadVerdict.Committed, (await node.Apply(shown)).Verdict);
        Assert.Equal("v1 1 3", await client.Ask("count"));

        var more = await node.Apply(shown with
        {
            State = "public sealed record ConnState(int Count, int A = 3, long B = -4, string? C = \"five\", Mood D = Mood.Worse, Mood? E = Mood.Bad, double F = 0.1, decimal G = 1.5m, char H = 'h', ConnState.Inner? I = null, bool J = true) { public sealed record Inner(int K = 9); }",
            Shown = "string.Join(' ', s.Count, s.A, s.B, s.C, s.D, s.E, s.F.ToString(System.Globalization.CultureInfo.InvariantCulture), s.G.ToString(System.Globalization.CultureInfo.InvariantCulture), s.H, s.I is null, s.J)",
        });

        Assert.Equal(ReloadVerdict.Committed, more.Verdict);
        Assert.Equal("v1 1 3 -4 five Worse Bad 0.1 1.5 h True True", await client.Ask("count"));
    }

    [Fact(Timeout = 120_000)]
    public async Task Message_of_a_timer_is_carried_over_to_the_type_that_was_made_anew()
    {
        var later = V1 with { Commands = "case \"later\": self.After(\"later\", TimeSpan.FromSeconds(5), new ConnMessage.Tick(7)); self.WriteLine(\"ok\"); break;" };
        var time = new FakeTime();
        await using var node = await DeltaNode.Start(later, time);
        var client = await node.Harness.Connect();
        Assert.Equal("ok", await client.Ask("later"));

        Assert.Equal(ReloadVerdict.Committed, (await node.Apply(later with { Messages = later.Messages.Replace("Tick(int N)", "Tick(long N, string Of = \"anew\")", StringComparison.Ordinal) })).Verdict);
        time.Advance(TimeSpan.FromSeconds(6));

        Assert.Equal("tick Tick { N = 7, Of = anew }", await client.Read());
    }

    [Fact(Timeout = 120_000)]
    public async Task Node_goes_back_to_the_types_of_the_release_when_the_code_change_of_a_delta_fails()
    {
        await using var node = await DeltaNode.Start(V1);
        var client = await node.Harness.Connect();
        Assert.Equal("ok", await client.Ask("add"));

        var report = await node.Apply(V1 with { Version = "v2", Members = "private int Twice => 2;", CodeChange = "throw new InvalidOperationException(\"not today\");" });

        Assert.Equal((ReloadVerdict.TakenBack, 3), (report.Verdict, report.Version));
        Assert.Equal("v1 1", await client.Ask("count"));
        Assert.Equal(0, Assert.Single(node.Harness.Status.Loaded!).Generation);
        Assert.Equal(1, node.Harness.Status.Actors.ByBehavior["Counting.Conn"]);
    }

    [Fact(Timeout = 120_000)]
    public async Task Loggers_have_the_names_of_the_source()
    {
        var logs = V1 with { Members = "private readonly Microsoft.Extensions.Logging.ILogger<Conn> _log; public Conn(Microsoft.Extensions.Logging.ILogger<Conn> log, Microsoft.Extensions.Logging.ILoggerFactory loggers) { _log = log; loggers.CreateLogger(\"conn lines#1\"); }" };
        var loggers = new NamedLoggers();
        await using var node = await DeltaNode.Start(logs, loggers: loggers);

        Assert.Equal(ReloadVerdict.Committed, (await node.Apply(logs with { Members = logs.Members + " private int Twice => 2;" })).Verdict);

        Assert.Contains("Counting.Conn", loggers.Names);
        Assert.Equal(2, loggers.Names.Count(name => name == "conn lines#1")); // of both versions
        Assert.DoesNotContain("Counting.Conn#1", loggers.Names);
    }

    [Fact(Timeout = 120_000)]
    public async Task What_the_service_configures_is_another_when_that_alone_is_edited()
    {
        await using var node = await DeltaNode.Start(V1);
        var client = await node.Harness.Connect();

        Assert.Equal(ReloadVerdict.Committed, (await node.Apply(V1 with { First = "new ConnState(7)" })).Verdict);

        Assert.Equal("v1 0", await client.Ask("count"));
        Assert.Equal("v1 7", await (await node.Harness.Connect()).Ask("count"));
        Assert.Equal(ReloadVerdict.Refused, (await node.Apply(V1 with { Configure = "throw new InvalidOperationException(\"not today\");" })).Verdict);
        Assert.Equal((2, "v1 7"), (node.Harness.Status.Version, await (await node.Harness.Connect()).Ask("count")));
        Assert.Equal(ReloadVerdict.Committed, (await node.Apply(V1 with { First = "new ConnState(8)" })).Verdict);
        Assert.Equal("v1 8", await (await node.Harness.Connect()).Ask("count"));
    }

    /// <summary>With what the generator makes of them, which names members.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Types_that_generated_code_serializes_are_made_anew_as_a_load_makes_them()
    {
        var service = V1 with
        {
            Generators = Generators(),
            More = """
                public sealed record Sent(string Name, int Stars = 3) { public List<string> Tags { get; init; } = []; public string Said() => Name; }
                [System.Text.Json.Serialization.JsonSerializable(typeof(Sent))] public sealed partial class SentJson : System.Text.Json.Serialization.JsonSerializerContext;
                public static class Wire
                {
                    public static string Of(Sent sent) => System.Text.Json.JsonSerializer.Serialize(sent, SentJson.Default.Sent);
                    public static Sent Read(string text) => System.Text.Json.JsonSerializer.Deserialize(text, SentJson.Default.Sent)!;
                }
                """,
            Commands = "case \"json\": self.WriteLine(Wire.Of(new Sent(\"ann\") { Tags = [\"new\"] }) + Wire.Read(\"{\\\"Name\\\":\\\"bo\\\"}\").Said() + Wire.Read(\"{\\\"Name\\\":\\\"bo\\\"}\").Stars); break;",
        };
        await using var node = await DeltaNode.Start(service);
        var client = await node.Harness.Connect();
        Assert.Equal("""{"Name":"ann","Stars":3,"Tags":["new"]}bo3""", await client.Ask("json"));
        var edited = service with { Version = "v2", More = service.More.Replace("Said() => Name;", "Said(bool loud) => loud ? Name.ToUpperInvariant() : Name;", StringComparison.Ordinal), Commands = service.Commands.Replace("Said()", "Said(true)", StringComparison.Ordinal) };

        Assert.Equal(ReloadVerdict.Committed, (await node.Apply(edited)).Verdict);
        var byDelta = await client.Ask("json");
        Assert.Equal(ReloadVerdict.Committed, (await node.Harness.Reload(edited with { Version = "v3" })).Verdict);

        Assert.Equal(("""{"Name":"ann","Stars":3,"Tags":["new"]}BO3""", "v3 0"), (byDelta, await client.Ask("count")));
        Assert.Equal(byDelta, await client.Ask("json"));
    }

    private static IReadOnlyList<ISourceGenerator> Generators() =>
    [
        .. typeof(RemadeTypeTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Where(named => named.Key == "Generator").SelectMany(named => Assembly.LoadFrom(named.Value!).GetTypes())
            .Where(type => type.IsDefined(typeof(GeneratorAttribute))).Select(type => Activator.CreateInstance(type)!).Select(made => made as ISourceGenerator ?? ((IIncrementalGenerator)made).AsSourceGenerator()),
    ];

    /// <summary>Remembers which loggers were asked for.</summary>
    private sealed class NamedLoggers : ILoggerFactory
    {
        private readonly ConcurrentQueue<string> _names = new();

        public IReadOnlyCollection<string> Names => _names;

        public ILogger CreateLogger(string categoryName)
        {
            _names.Enqueue(categoryName);
            return NullLogger.Instance;
        }

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public void Dispose()
        {
        }
    }
}
