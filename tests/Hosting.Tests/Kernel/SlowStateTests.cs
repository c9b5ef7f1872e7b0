using System.Diagnostics;
using WatchReload.Hosting.Kernel;

namespace WatchReload.Hosting.Tests.Kernel;

/// <summary>Actors whose states take too long to copy: they are copied once in the preparation, and change over after the others.</summary>
public sealed class SlowStateTests
{
    private static readonly TimeSpan ALittle = SlowStates.Limit + TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan ByFar = SlowStates.ByFar + TimeSpan.FromMilliseconds(1);

    [Fact(Timeout = 60_000)]
    public async Task A_state_that_took_too_long_by_far_is_not_copied_again_and_its_actor_is_late()
    {
        await using var node = new KernelHarness();
        var (slow, other) = (node.Spawn(), node.Spawn());
        await node.Quiet();
        var copies = new Copies(slow);
        var session = Prepared(node, copies, other);
        slow.Note("ticks");
        other.Note("runs");
        await node.Quiet();
        Assert.Equal(2, session.Stale);

        session.PrepareAgain(CancellationToken.None);
        slow.Note("ticks again");
        await node.Quiet();
        for (var pass = 0; pass < 3; pass++) session.PrepareAgain(CancellationToken.None);
        session.Tidy();

        Assert.Equal((1, 2), (copies.Of(slow), copies.Of(other)));
        Assert.Equal(0, session.Stale);
        Assert.Same(slow.Cell, Assert.Single(session.Aside));
        var round = new GateRound(node.Kernel, session, GateLimits.Default, last: false);
        var late = round.Run(late =>
        {
            session.LeaveLate(late.Keys);
            node.Kernel.Commit(session.Target);
            return late;
        })!;
        node.Kernel.EndSession();
        Assert.Equal((slow.Cell, LateReason.SlowState), (Assert.Single(late).Key, late[slow.Cell]));
        Assert.Equal(0, round.Unnamed);
        Assert.True(session.IsLate(slow.Cell));
        Assert.False(session.IsLate(other.Cell));

        foreach (var cell in node.Kernel.Cells) cell.Sweep();
        await node.Quiet();
        Assert.Equal((2, 2), (copies.Of(slow), copies.Of(other)));
        Assert.Equal((2, 2), (slow.Cell.Binding.Version.Number, other.Cell.Binding.Version.Number));
        Assert.Equal(["started New", "ticks", "ticks again", "started CodeChanged"], ((Trace)slow.Cell.State!).Entries);
    }

    [Fact(Timeout = 60_000)]
    public async Task An_actor_that_does_not_run_changes_over_with_the_others_however_long_its_state_took()
    {
        await using var node = new KernelHarness();
        var (slow, other) = (node.Spawn(), node.Spawn());
        await node.Quiet();
        var copies = new Copies(slow);
        var session = Prepared(node, copies, other);
        other.Note("runs");
        await node.Quiet();
        session.PrepareAgain(CancellationToken.None);

        Assert.Empty(session.Aside);
        Assert.Empty(new GateRound(node.Kernel, session, GateLimits.Default, last: true).Run(late => late)!);

        Assert.Equal(1, copies.Of(slow));
        node.Kernel.EndSession();
        session.Abandon();
    }

    [Fact(Timeout = 60_000)]
    public async Task Those_set_aside_that_stopped_or_wait_in_a_turn_are_not_late_for_their_states()
    {
        await using var node = new KernelHarness();
        var (stopped, waiting, other) = (node.Spawn(), node.Spawn(), node.Spawn());
        await node.Quiet();
        var session = Prepared(node, new Copies(stopped, waiting), other);
        stopped.Note("ticks");
        waiting.Note("ticks");
        await node.Quiet();
        session.PrepareAgain(CancellationToken.None);
        Assert.Equal(2, session.Aside.Count);
        stopped.Do(self => self.Stop());
        await node.Until(() => stopped.Cell.IsStopped);
        var suspended = await node.Suspend(waiting);

        var late = new GateRound(node.Kernel, session, GateLimits.Default, last: true).Run(late => late)!;

        Assert.Equal((waiting.Cell, LateReason.InTurn), (Assert.Single(late).Key, late[waiting.Cell]));
        node.Kernel.EndSession();
        session.Abandon();
        await suspended.Release();
    }

    [Fact(Timeout = 60_000)]
    public async Task That_a_state_takes_too_long_is_certain_by_far_or_at_the_second_time()
    {
        await using var node = new KernelHarness();
        var (actor, another) = (node.Spawn().Cell, node.Spawn().Cell);
        var slow = new SlowStates();

        slow.Took(actor, ALittle);
        Assert.Equal((true, false), (slow.Contains(actor), slow.IsCertain(actor)));
        slow.Took(actor, SlowStates.Limit);
        Assert.Equal((false, false), (slow.Contains(actor), slow.IsCertain(actor)));
        slow.Took(actor, ALittle);
        slow.Took(another, ALittle);
        Assert.False(slow.IsCertain(actor));
        slow.Took(actor, ALittle);
        Assert.Equal((true, false), (slow.IsCertain(actor), slow.IsCertain(another)));
        slow.Took(another, SlowStates.Limit);
        slow.Took(another, ByFar);
        Assert.True(slow.IsCertain(another));
    }

    /// <summary>A session in which all have a candidate, and the one actor is not slow, as it may be when the machine is busy.</summary>
    private static UpgradeSession Prepared(KernelHarness node, Copies copies, Actor quick)
    {
        while (true)
        {
            copies.Forget();
            var session = node.Kernel.BeginSession(new PlainVersion(2) { Mapped = copies.Map });
            session.PrepareAll(CancellationToken.None);
            if (!session.IsSlow(quick.Cell)) return session;
            node.Kernel.EndSession();
            session.Abandon();
        }
    }

    /// <summary>Copies states, those of some actors slowly, and counts.</summary>
    private sealed class Copies(params IReadOnlyList<Actor> slow)
    {
        private readonly Dictionary<Trace, int> _made = [];

        public int Of(Actor actor)
        {
            lock (_made) return _made.GetValueOrDefault(actor.Trace);
        }

        public void Forget()
        {
            lock (_made) _made.Clear();
        }

        public object Map(object state)
        {
            var from = (Trace)state;
            lock (_made) _made[from] = _made.GetValueOrDefault(from) + 1;
            for (var began = Stopwatch.GetTimestamp(); slow.Any(actor => ReferenceEquals(actor.Trace, from)) && Stopwatch.GetElapsedTime(began) <= ByFar;) Thread.SpinWait(100);
            return from.Copy();
        }
    }
}
