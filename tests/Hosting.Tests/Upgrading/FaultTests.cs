using WatchReload.Control;
using WatchReload.Hosting.Upgrading;

namespace WatchReload.Hosting.Tests.Upgrading;

/// <summary>What the service's code can do in each step of a reload: the version that serves is untouched, or the node goes back to it.</summary>
public sealed class FaultTests
{
    private const string DependencyInjection = "Microsoft.Extensions.DependencyInjection.";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);
    private static readonly CountingService V1 = new();
    private static readonly CountingService V2 = new() { Version = "v2" };

    /// <summary>Each fault in a place of its own. Out of memory is the exception alone: a single array that is too large, so that memory is never short and the test's process goes on.</summary>
    public static TheoryData<string, string> BeforeTheCommit { get; } = new()
    {
        { "constructor", "cannot be configured: InvalidOperationException: fault" },
        { "configure", "cannot be configured: InvalidOperationException: fault" },
        { "container", "cannot be configured: InvalidOperationException: fault" },
        { "behavior", "cannot be configured: InvalidOperationException: fault" },
        { "module initializer", "cannot be configured: TypeInitializationException: The type initializer for '<Module>' threw an exception. InvalidOperationException: fault" },
        { "module initializer of another project", "A module initializer of an assembly of the service threw InvalidOperationException: fault What may fail belongs in Configure, or in a hosted service." },
        { "type initializer", "cannot be configured: TypeInitializationException: The type initializer for 'Counting.Conn' threw an exception. InvalidOperationException: fault" },
        { "first state", "The first state of 'board' cannot be made: InvalidOperationException: fault" },
        { "upgrade", "Upgrade threw InvalidOperationException: fault" },
        { "out of memory", "Upgrade threw OutOfMemoryException" },
        { "initializer", "fault" },
    };

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(BeforeTheCommit))]
    public async Task The_version_that_serves_is_untouched_when_code_throws_before_the_commit(string place, string problem)
    {
        await using var node = await NodeHarness.Start(V1);
        var client = await node.Connect();
        Assert.Equal("ok", await client.Ask("add"));

        var report = await Reload(node, place, "throw new InvalidOperationException(\"fault\")");

        Assert.Equal(ReloadVerdict.Refused, report.Verdict);
        Assert.Contains(problem, Assert.Single(report.Problems), StringComparison.Ordinal);
        await Untouched(node, client);
    }

    [Fact(Timeout = 60_000)]
    public async Task All_that_fail_are_counted_and_some_of_them_named_when_they_are_many()
    {
        const int actors = 30;
        var rooms = V1 with
        {
            Configure = $"for (var i = 0; i < {actors}; i++) service.Actor<Room, RoomState, string>(new ActorName<string>($\"room{{i}}\"), () => new RoomState(5));",
            More = "public sealed record RoomState(int Count); public sealed class Room : Behavior<RoomState, string> { public override ValueTask<RoomState> Receive(RoomState s, string m, Context self) => new(s); }",
        };
        await using var node = await NodeHarness.Start(rooms);

        var report = await node.Reload(rooms with
        {
            Version = "v2",
            More = rooms.More.Replace("(int Count);", "(int Count) { public int Added { get; } = Fault(); static int Fault() => throw new InvalidOperationException(\"fault\"); }", StringComparison.Ordinal),
        });

        Assert.Equal(ReloadVerdict.Refused, report.Verdict);
        Assert.All(report.Problems.SkipLast(1), problem => Assert.Matches("^room[0-9]+ \\(Counting.Room\\) cannot be carried over: .*fault", problem));
        Assert.InRange(report.Problems.Count, 21, actors);
        Assert.Equal(Notices.MoreFailed(actors - report.Problems.Count + 1), report.Problems[^1]);
        Assert.Equal((1, 0L), (node.Status.Version, node.Status.DeadLetters));
    }

    /// <summary>The next one is not kept waiting any longer than that; what hangs is let go of, its actor serves.</summary>
    [Theory(Timeout = 60_000)]
    [InlineData("constructor", "did not end within 30 s")]
    [InlineData("configure", "did not end within 30 s")]
    [InlineData("container", "did not end within 30 s")]
    [InlineData("behavior", "did not end within 30 s")]
    [InlineData("module initializer", "did not end within 30 s")]
    [InlineData("module initializer of another project", "Frame>d__0.MoveNext was not compiled within 30 s: a module initializer of an assembly that is used there did not end. What waits or does I/O belongs in a hosted service.")]
    [InlineData("type initializer", "did not end within 30 s")]
    [InlineData("first state", "The first state of an actor that the release adds was not made within 30 s")]
    [InlineData("upgrade", "lines#1 (Counting.Conn) cannot be carried over: an Upgrade of its state or of what its timers bring, or a constructor or initializer there, did not end within 30 s")]
    [InlineData("initializer", "lines#1 (Counting.Conn) cannot be carried over")]
    public async Task The_version_that_serves_is_untouched_when_code_hangs_past_the_deadline(string place, string problem)
    {
        var time = new FakeTime();
        using var held = new HeldTurn();
        await using var node = await NodeHarness.Start(V1, time);
        var client = await node.Connect();
        Assert.Equal("ok", await client.Ask("add"));

        var reloading = Reload(node, place, $"throw new InvalidOperationException({held.Block})");
        await held.EnteredBy(reloading);
        var report = await time.PassUntil(reloading, Deadline, Grace);

        Assert.Equal((ReloadVerdict.Refused, false), (report.Verdict, report.Transient));
        Assert.Contains(problem, Assert.Single(report.Problems), StringComparison.Ordinal);
        await Untouched(node, client, hangs: true);
        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(V2)).Verdict);
        Assert.Equal("v2 2", await client.Ask("count"));

        // What comes of it in the end counts for nothing.
        held.Release();
        Assert.Equal("ok", await client.Ask("add"));
        Assert.Equal("v2 3", await client.Ask("count"));
    }

    /// <summary>An Upgrade that is at its end a moment later has not hung: the node had too much to do. What else is the matter is told with it, and decides.</summary>
    [Theory(Timeout = 60_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_node_that_prepares_too_slowly_blames_nobody_and_keeps_to_itself_no_fault_that_it_found(bool isFaulty)
    {
        var time = new FakeTime();
        using var held = new HeldTurn();
        await using var node = await NodeHarness.Start(V1, time);
        var client = await node.Connect();
        Assert.Equal("ok", await client.Ask("add"));
        var faulty = Faulty("first state", "throw new InvalidOperationException(\"fault\")");
        var slow = Faulty("upgrade", $"_ = {held.Block}");

        var reloading = node.Reload(isFaulty ? slow with { Configure = faulty.Configure, More = faulty.More } : slow);
        await held.EnteredBy(reloading);
        await time.PassUntil(GivenUp(), Deadline);
        held.Release();
        var report = await reloading;

        Assert.Equal((ReloadVerdict.Refused, !isFaulty), (report.Verdict, report.Transient));
        Assert.Equal(isFaulty, report.Problems.Any(problem => problem.StartsWith("The first state of 'board' cannot be made", StringComparison.Ordinal)));
        Assert.Equal("Not all of 1 actors could be prepared within 30 s, with as much as the node has to do. Try again when it has less to do.", report.Problems[^1]);
        await Untouched(node, client);
        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(V2)).Verdict);

        async Task<bool> GivenUp()
        {
            await time.Armed(Grace);
            return true;
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task The_node_goes_back_when_CodeChange_hangs_past_the_deadline()
    {
        var time = new FakeTime();
        using var held = new HeldTurn();
        await using var node = await NodeHarness.Start(V1, time);
        var client = await node.Connect();
        Assert.Equal("ok", await client.Ask("add"));

        var reloading = node.Reload(V2 with { CodeChange = $"{held.Block}.ToString();" });
        await held.EnteredBy(reloading);
        var report = await time.PassUntil(reloading, Deadline + TimeSpan.FromSeconds(1));

        Assert.Equal(ReloadVerdict.TakenBack, report.Verdict);
        // The clock may pass for the CodeChange of the way back too, which is told behind it.
        Assert.Contains("CodeChange did not end within 30 s", report.Problems[0], StringComparison.Ordinal);
        Assert.Equal("v1 1", await client.Ask("count"));
        held.Release();
    }

    /// <summary>The first turn in the new code. Its actor alone stays in it; whoever the sweep has not reached changes over when it is written to.</summary>
    [Fact(Timeout = 60_000)]
    public async Task The_reload_is_committed_and_the_next_one_taken_when_Started_hangs_past_the_deadline()
    {
        var time = new FakeTime();
        using var held = new HeldTurn();
        await using var node = await NodeHarness.Start(V1, time);
        var (client, other) = (await node.Connect(), await node.Connect());
        Assert.Equal("ok", await client.Ask("add"));

        var reloading = node.Reload(V2 with { Members = $"public override ValueTask<ConnState> Started(ConnState s, StartReason why, Context self) {{ if (why == StartReason.CodeChanged && s.Count == 1) _ = {held.Block}; return new(s); }}" });
        await held.EnteredBy(reloading);
        Assert.Equal("v2 0", await other.Ask("count"));
        Assert.False(reloading.IsCompleted);
        var report = await time.PassUntil(reloading, Deadline);

        Assert.Equal((ReloadVerdict.Committed, 2, 2), (report.Verdict, node.Status.Version, report.Mapped));
        report = await node.Reload(V2 with { Version = "v3" });
        Assert.Equal((ReloadVerdict.Committed, 3, 1, 1), (report.Verdict, node.Status.Version, report.Mapped, report.LateCount));
        Assert.Equal("v3 0", await other.Ask("count"));
        held.Release();
        Assert.Equal("v3 1", await client.Ask("count"));
        Assert.Empty(node.Status.Late);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("constructor")]
    [InlineData("configure")]
    [InlineData("container")]
    [InlineData("behavior")]
    [InlineData("module initializer")]
    [InlineData("module initializer of another project")]
    [InlineData("type initializer")]
    [InlineData("first state")]
    [InlineData("upgrade")]
    [InlineData("initializer")]
    public async Task Nothing_is_committed_when_the_node_stops_during_a_reload(string place)
    {
        using var held = new HeldTurn();
        await using var node = await NodeHarness.Start(V1);
        Assert.Equal("ok", await (await node.Connect()).Ask("add"));
        var reloading = Reload(node, place, $"_ = {held.Block}");
        await held.EnteredBy(reloading);

        await CutShort.CommitsNothing(node, held, reloading);
    }

    /// <param name="node">With the first version.</param>
    /// <param name="client">Has counted once.</param>
    /// <param name="hangs">Code of the refused version goes on, and may be named as what holds it.</param>
    private static async Task Untouched(NodeHarness node, LineClient client, bool hangs = false)
    {
        Assert.Equal("ok", await client.Ask("add"));
        Assert.Equal("v1 2", await client.Ask("count"));
        Assert.Equal((1, 0L), (node.Status.Version, node.Status.DeadLetters));
        Assert.All(node.Status.OldVersions, old => Assert.Contains("that does not return, called since", hangs ? Assert.Single(old.Holders) : "", StringComparison.Ordinal));
        Assert.Empty(node.Status.Late);
        Assert.Empty(node.Status.Parked);
        Assert.False(File.Exists(node.State.Trial("main")));
    }

    private static Task<ReloadReport> Reload(NodeHarness node, string place, string fault)
    {
        if (place != "module initializer of another project") return node.Reload(Faulty(place, fault));
        var part = CompiledAssembly.From("Part", $"public static class Part {{ public static string Say() => \"part\"; {ModuleInitializer(fault)} }}");
        return node.Reload(node.Releases.Write((V2 with { References = [part], Commands = "case \"part\": self.WriteLine(Part.Say()); break;" }).Compile(), part));
    }

    private static string ModuleInitializer(string fault) => $"[System.Runtime.CompilerServices.ModuleInitializer] internal static void Initialize() {{ if (DateTime.UtcNow.Year > 1) {fault}; }}";

    /// <param name="fault">A statement without its end, or in some places an expression.</param>
    private static CountingService Faulty(string place, string fault) => place switch
    {
        "constructor" => V2 with { ServiceMembers = $"public Service() {{ {fault}; }}" },
        "configure" => V2 with { Configure = fault + ";" },
        "container" => V2 with
        {
            Configure = $"{DependencyInjection}ServiceCollectionServiceExtensions.AddSingleton<Part>(service.Services, provider => {{ {fault}; return new Part(); }}); {DependencyInjection}ServiceCollectionServiceExtensions.AddSingleton<Conn>(service.Services, p => {{ p.GetService(typeof(Part)); return new Conn(); }});",
            More = "public sealed class Part;",
        },
        "behavior" => V2 with { Members = $"public Conn() {{ {fault}; }}" },
        "module initializer" => V2 with { More = $"static class Module {{ {ModuleInitializer(fault)} }}" },
        "type initializer" => V2 with { Members = $"static Conn() {{ if (DateTime.UtcNow.Year > 1) {fault}; }}" },
        "first state" => V2 with
        {
            Configure = $"service.Actor<Board, int, string>(new ActorName<string>(\"board\"), () => {{ {fault}; return 0; }});",
            More = "public sealed class Board : Behavior<int, string> { public override ValueTask<int> Receive(int s, string m, Context self) => new(s + 1); }",
        },
        "upgrade" => Upgraded($"{fault}; return new(old.Count, \"\");"),
        "out of memory" => Upgraded("return new(old.Count, \"\" + (new int[int.MaxValue])[0]);"),
        "initializer" => V2 with { State = $"public sealed record ConnState(int Count) {{ public int Added {{ get; init; }} = Fault(); static int Fault() {{ {fault}; return 0; }} }}" },
        _ => throw new ArgumentOutOfRangeException(nameof(place), place, null),
    };

    private static CountingService Upgraded(string upgrade) => V2 with
    {
        State = $$"""
            public sealed record ConnStateV1(int Count);
            public sealed record ConnState(int Count, string Grade) : IUpgrade<ConnStateV1, ConnState>
            {
                public static ConnState Upgrade(ConnStateV1 old) { {{upgrade}} }
            }
            """,
        First = "new ConnState(0, \"\")",
    };
}
