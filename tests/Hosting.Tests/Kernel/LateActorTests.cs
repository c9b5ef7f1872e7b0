using System.Diagnostics;
using WatchReload.Hosting.Kernel;
using WatchReload.Hosting.Upgrading;

namespace WatchReload.Hosting.Tests.Kernel;

/// <summary>Who is left behind by a commit, and why.</summary>
public sealed class LateActorTests
{
    [Fact(Timeout = 60_000)]
    public async Task Actors_are_late_when_the_last_round_has_no_time_for_them()
    {
        await using var node = new KernelHarness();
        Actor[] actors = [node.Spawn(), node.Spawn(), node.Spawn()];
        await node.Quiet();
        var session = node.Kernel.BeginSession(new PlainVersion(2));
        session.PrepareAll(CancellationToken.None);
        foreach (var actor in actors) actor.Note("after the candidate");
        await node.Quiet();
        node.Kernel.Gate.Close();
        // Each round makes one candidate and finds that the time is over.
        Assert.Null(Make(node, session, [], TimeSpan.Zero, last: false));
        Assert.Equal(2, session.Stale);
        Assert.Equal(LateReason.NoTime, Assert.Single(Make(node, session, [], TimeSpan.Zero)!).Value);
        Assert.Equal(0, session.Stale);
        node.Kernel.Gate.Open();
        node.Kernel.EndSession();
    }

    [Fact(Timeout = 60_000)]
    public async Task Actors_that_nobody_has_time_to_look_at_are_late_and_lose_nothing()
    {
        await using var node = new KernelHarness();
        Actor[] actors = [.. Enumerable.Range(0, 3000).Select(_ => node.Spawn())];
        await node.Quiet();
        var session = node.Kernel.BeginSession(new PlainVersion(2) { Mapped = value => ((Trace)value).Copy() });
        session.PrepareAll(CancellationToken.None);
        foreach (var actor in actors) actor.Note("after the candidate");
        await node.Quiet();
        node.Kernel.Gate.Close();

        var late = Make(node, session, [], TimeSpan.Zero)!;
        session.LeaveLate(late.Keys);
        node.Kernel.Commit(session.Target);
        node.Kernel.EndSession();
        node.Kernel.Gate.Open();

        Assert.InRange(late.Count, 1, actors.Length / 2);
        Assert.Equal(actors.Length - 1, actors.Count(actor => session.IsLate(actor.Cell))); // one candidate was made before the time was over
        var sweep = new Sweep(node.Kernel, session.IsLate);
        await Task.Run(sweep.Run, TestContext.Current.CancellationToken);
        Assert.Equal((actors.Length - 1, 1), (sweep.Late, sweep.Arrived));
        await node.Until(() => Array.TrueForAll(actors, actor => actor.Cell.Binding.Version.Number == 2));
        await node.Quiet();
        Assert.All(actors, actor => Assert.Equal(["started New", "after the candidate", "started CodeChanged"], ((Trace)actor.Cell.State!).Entries));
    }

    [Fact(Timeout = 60_000)]
    public async Task Late_actors_come_with_their_reasons()
    {
        await using var node = new KernelHarness();
        Actor[] actors = [node.Spawn(), node.Spawn(), node.Spawn()];
        var (slow, waiting, blocking) = (actors[0], actors[1], actors[2]);
        await node.Quiet();
        var session = node.Kernel.BeginSession(new PlainVersion(2) { Mapped = value => Slow(value, slow.Trace) });
        session.PrepareAll(CancellationToken.None);
        slow.Note("after the candidate");
        var suspended = await node.Suspend(waiting);
        await node.Quiet();
        node.Kernel.Gate.Close();

        var late = Make(node, session, [blocking.Cell], TimeSpan.MaxValue)!;

        Assert.Equal(3, late.Count);
        Assert.Equal((LateReason.SlowState, LateReason.InTurn, LateReason.InTurn), (late[slow.Cell], late[waiting.Cell], late[blocking.Cell]));
        node.Kernel.Gate.Open();
        node.Kernel.EndSession();
        await suspended.Release();
    }

    [Fact(Timeout = 60_000)]
    public async Task An_actor_in_a_turn_does_not_pass_for_slow_when_the_one_before_it_is()
    {
        await using var node = new KernelHarness();
        var (slow, waiting) = (node.Spawn(), node.Spawn());
        await node.Quiet();
        var suspended = await node.Suspend(waiting);
        var session = node.Kernel.BeginSession(new PlainVersion(2) { Mapped = value => Slow(value, slow.Trace) });
        session.PrepareAll(CancellationToken.None);
        await suspended.Release();
        node.Kernel.Gate.Close();

        Assert.Empty(Make(node, session, [], TimeSpan.MaxValue)!);

        node.Kernel.Gate.Open();
        node.Kernel.EndSession();
    }

    [Theory(Timeout = 60_000)]
    [InlineData(LateReason.InTurn, "is in a turn", "its turn")]
    [InlineData(LateReason.SlowState, "has a state that takes too long", "its state takes too long")]
    [InlineData(LateReason.StillChanging, "is still being carried over", "its state is still being carried over")]
    [InlineData(LateReason.NoTime, "ran just before the switch", "it ran just before the switch")]
    public async Task A_refusal_and_a_report_say_why_an_actor_is_late(object reason, string refusal, string report)
    {
        await using var node = new KernelHarness();
        var actor = node.Spawn().Cell;
        Assert.StartsWith($"{actor} ({actor.Binding.Name}) {refusal}", Notices.Straggler(actor, (LateReason)reason), StringComparison.Ordinal);
        Assert.StartsWith(report, Notices.Late(actor, (LateReason)reason).Reason, StringComparison.Ordinal);
    }

    /// <summary>What a round does under the gate, which the test has closed.</summary>
    private static IReadOnlyDictionary<ActorCell, LateReason>? Make(KernelHarness node, UpgradeSession session, ActorCell[] onCpu, TimeSpan limit, bool last = true) =>
        new GateRound(node.Kernel, session, new GateLimits(TimeSpan.Zero, limit, TimeSpan.MaxValue), last).Make(onCpu);

    /// <summary>Maps to itself; the slow one takes longer than the gate may be closed.</summary>
    private static object Slow(object value, Trace slow)
    {
        var started = Stopwatch.GetTimestamp();
        while (ReferenceEquals(value, slow) && Stopwatch.GetElapsedTime(started) < TimeSpan.FromMilliseconds(10)) Thread.SpinWait(100);
        return value;
    }
}
