using WatchReload.Control;

namespace WatchReload.Hosting.Tests.Upgrading;

/// <summary>What an <c>Upgrade</c> that did well while the old code served can do under the closed gate, and between two closings of it.</summary>
public sealed class GateFaultTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);
    private static readonly CountingService V1 = new();
    private static readonly CountingService V2 = new() { Version = "v2" };

    /// <summary>So many that some have states which were quickly made before: only of these one is made again under the gate. The first call there is the next.</summary>
    private const int Clients = 8;

    [Fact(Timeout = 60_000)]
    public async Task The_version_that_serves_is_untouched_and_nobody_waits_when_an_Upgrade_hangs_under_the_gate()
    {
        var time = new FakeTime();
        using var held = new HeldTurn();
        await using var node = await NodeHarness.Start(V1, time);
        var (clients, reload) = await Begin(node, $"if (call == {Clients + 1}) throw new InvalidOperationException({held.Block});");

        var reloading = reload.Commit();
        await held.Entered;
        // The gate is open again: all go on in the old code, also the one whose state does not get made.
        await All(clients, "add", "ok");
        await All(clients, "count", "v1 2");
        var report = await time.PassUntil(reloading, Deadline);

        Assert.Equal(ReloadVerdict.Refused, report.Verdict);
        Assert.Matches(
            @"^lines#\d+ \(Counting\.Conn\) cannot be carried over: an Upgrade of its state or of what its timers bring, or a constructor or initializer there, hung with the gate closed, which was opened again, and did not end within 30 s",
            Assert.Single(report.Problems));
        await Untouched(node, hangs: true);
        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(V2)).Verdict);
        await All(clients, "count", "v2 2");

        // What comes of it in the end counts for nothing.
        held.Release();
        await All(clients, "add", "ok");
        await All(clients, "count", "v2 3");
    }

    [Fact(Timeout = 60_000)]
    public async Task The_reload_goes_on_when_an_Upgrade_that_took_too_long_under_the_gate_ends()
    {
        using var held = new HeldTurn();
        await using var node = await NodeHarness.Start(V1);
        var (clients, reload) = await Begin(node, $"if (call == {Clients + 1}) _ = {held.Block};");

        var reloading = reload.Commit();
        await held.Entered;
        await All(clients, "add", "ok");
        held.Release();
        var report = await reloading;

        Assert.Equal(ReloadVerdict.Committed, report.Verdict);
        Assert.InRange(report.GateMs, 10, double.MaxValue);
        Assert.InRange(report.GateClosings, 2, int.MaxValue); // the one that was given up, and that of the commit
        await All(clients, "count", "v2 2");
        Assert.Equal(0L, node.Status.DeadLetters);
        await node.Until(s => s.Late.Count == 0 && s.OldVersions is [{ State: "unloaded" }]);
    }

    [Fact(Timeout = 60_000)]
    public async Task The_version_that_serves_is_untouched_when_an_Upgrade_hangs_between_two_closings_of_the_gate()
    {
        var time = new FakeTime();
        using var slow = new HeldTurn();
        using var held = new HeldTurn();
        await using var node = await NodeHarness.Start(V1, time);
        var (clients, reload) = await Begin(node, $"if (call == {Clients + 1}) _ = {slow.Block}; if (call == {Clients + 2}) throw new InvalidOperationException({held.Block});");

        var reloading = reload.Commit();
        await slow.Entered;
        await All(clients, "add", "ok");
        await time.Armed(Deadline); // that of the round that was given up
        var armed = time.ArmedAnew(Deadline);
        slow.Release();
        await held.Entered;
        await armed;
        time.Advance(Deadline);
        var report = await time.PassUntil(reloading, Grace);

        Assert.Equal(ReloadVerdict.Refused, report.Verdict);
        Assert.Matches(@"^lines#\d+ \(Counting\.Conn\) cannot be carried over: .*initializer there, did not end within 30 s", Assert.Single(report.Problems));
        await All(clients, "add", "ok");
        await All(clients, "count", "v1 3");
        await Untouched(node, hangs: true);
        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(V2)).Verdict);
        held.Release();
        await All(clients, "count", "v2 3");
    }

    [Theory(Timeout = 60_000)]
    [InlineData("throw new InvalidOperationException(\"fault\");", "Upgrade threw InvalidOperationException: fault")]
    [InlineData("_ = (new int[int.MaxValue])[0];", "Upgrade threw OutOfMemoryException")]
    public async Task The_version_that_serves_is_untouched_when_an_Upgrade_throws_under_the_gate(string fault, string problem)
    {
        await using var node = await NodeHarness.Start(V1);
        var (clients, reload) = await Begin(node, $"if (call == {Clients + 1}) {{ {fault} }}");

        var report = await reload.Commit();

        Assert.Equal(ReloadVerdict.Refused, report.Verdict);
        Assert.Contains(problem, Assert.Single(report.Problems), StringComparison.Ordinal);
        await All(clients, "count", "v1 1");
        await Untouched(node);
        Assert.Equal(ReloadVerdict.Committed, (await node.Reload(V2)).Verdict);
        await All(clients, "count", "v2 1");
    }

    [Fact(Timeout = 60_000)]
    public async Task Nothing_is_committed_when_the_node_stops_while_an_Upgrade_hangs_under_the_gate()
    {
        using var held = new HeldTurn();
        await using var node = await NodeHarness.Start(V1);
        var (_, reload) = await Begin(node, $"if (call == {Clients + 1}) _ = {held.Block};");
        var reloading = reload.Commit();
        await held.Entered;

        await CutShort.CommitsNothing(node, held, reloading);
    }

    /// <summary>A reload that has prepared all clients' actors, of which each has run since: the gate has to make their states again.</summary>
    /// <param name="node">With the first version.</param>
    /// <param name="step">What <see cref="Upgraded"/> does.</param>
    private static async Task<(IReadOnlyList<LineClient> Clients, PreparedAndHeld Reload)> Begin(NodeHarness node, string step)
    {
        var clients = new List<LineClient>();
        while (clients.Count < Clients) clients.Add(await node.Connect());
        await node.Until(s => s.Actors.Total == Clients);
        var reload = await PreparedAndHeld.Begin(node, Upgraded(step));
        await All(clients, "add", "ok");
        return (clients, reload);
    }

    private static async Task All(IReadOnlyList<LineClient> clients, string line, string answer)
    {
        foreach (var client in clients) Assert.Equal(answer, await client.Ask(line));
    }

    /// <param name="node">With the first version.</param>
    /// <param name="hangs">Code of the refused version goes on, and is named as what holds it.</param>
    private static async Task Untouched(NodeHarness node, bool hangs = false)
    {
        Assert.Equal((1, 0L), (node.Status.Version, node.Status.DeadLetters));
        Assert.Equal(hangs ? 1 : 0, node.Status.OldVersions.Count(old => old.Holders is [var holder] && holder.StartsWith("an Upgrade, constructor, initializer or first state that does not return", StringComparison.Ordinal)));
        Assert.Empty(node.Status.Parked);
        await node.Until(s => s.Late.Count == 0);
        Assert.False(File.Exists(node.State.Trial("main")));
    }

    /// <param name="step">Statements that know the number of the <c>call</c>, from 1.</param>
    private static CountingService Upgraded(string step) => V2 with
    {
        State = $$"""
            public sealed record ConnStateV1(int Count);
            public sealed record ConnState(int Count, string Grade) : IUpgrade<ConnStateV1, ConnState>
            {
                private static int calls;
                public static int Calls => calls;
                public static ConnState Upgrade(ConnStateV1 old) { var call = Interlocked.Increment(ref calls); {{step}} return new(old.Count, ""); }
            }
            """,
        First = "new ConnState(0, \"\")",
    };
}
