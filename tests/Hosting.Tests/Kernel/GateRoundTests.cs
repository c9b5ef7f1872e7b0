using WatchReload.Hosting.Kernel;

namespace WatchReload.Hosting.Tests.Kernel;

/// <summary>What states that are made do under the closed gate: it opens, and nothing is committed, or all is.</summary>
public sealed class GateRoundTests
{
    [Fact(Timeout = 60_000)]
    public async Task The_gate_opens_again_when_a_state_is_not_made_in_time()
    {
        using var made = new HeldMapping();
        await using var node = new KernelHarness();
        var (hung, other) = (node.Spawn(), node.Spawn());
        var session = await Stale(node, made, hung, other);
        made.HoldsNext = hung.Trace;

        var round = Round(node, session);
        var making = OwnThreads.Run(() => round.Run(Committed));
        Assert.False(round.Watch());

        Assert.False(node.Kernel.Gate.IsClosed);
        Assert.Same(hung.Cell, round.Unfinished);
        Assert.InRange(round.ClosedFor, GateLimits.Default.Hung, TimeSpan.MaxValue);
        Assert.Equal(2, session.Stale);
        hung.Note("while its state is being made");
        other.Note("as well");
        await node.Quiet();
        Assert.Equal("while its state is being made", hung.Trace.Entries[^1]);
        Assert.Equal("as well", other.Trace.Entries[^1]);
        made.Release();
        Assert.Null(await making);
        node.Kernel.EndSession();
    }

    [Fact(Timeout = 60_000)]
    public async Task A_state_that_is_made_too_late_never_reaches_its_actor()
    {
        using var made = new HeldMapping();
        await using var node = new KernelHarness();
        var (hung, other) = (node.Spawn(), node.Spawn());
        var session = await Stale(node, made, hung, other);
        made.HoldsNext = hung.Trace;
        var given = Round(node, session);
        var making = OwnThreads.Run(() => given.Run(Committed));
        Assert.False(given.Watch());
        made.Release();
        Assert.Null(await making);

        // Had what it made been taken, the slow one would not be late, and what comes now would be lost.
        hung.Note("after it");
        await node.Quiet();
        var again = Round(node, session);
        var late = again.Run(late =>
        {
            node.Kernel.Commit(session.Target);
            return late;
        })!;
        Assert.True(again.Watch());
        node.Kernel.EndSession();

        Assert.Equal(LateReason.SlowState, Assert.Single(late).Value);
        foreach (var cell in node.Kernel.Cells) cell.Sweep();
        await node.Quiet();
        foreach (var actor in (Actor[])[hung, other]) Assert.Equal(2, actor.Cell.Binding.Version.Number);
        Assert.Equal(["started New", "stale", "after it", "started CodeChanged"], ((Trace)hung.Cell.State!).Entries);
        Assert.Equal(["started New", "stale", "started CodeChanged"], ((Trace)other.Cell.State!).Entries);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_is_sent_after_the_commit_is_received_by_the_new_code_when_the_gate_did_not_wait_for_the_mapping_of_what_was_sent_before()
    {
        using var released = new ManualResetEventSlim();
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var node = new KernelHarness(new PlainVersion(1)
        {
            Foreign = type => type == typeof(Note),
            Mapped = _ =>
            {
                entered.TrySetResult();
                released.Wait();
                throw new InvalidOperationException("no mapping");
            },
        });
        var actor = node.Spawn();
        await node.Quiet();
        actor.Note("before");
        await entered.Task;

        var next = new PlainVersion(2);
        var session = node.Kernel.BeginSession(next);
        session.PrepareAll(CancellationToken.None);
        var late = new GateRound(node.Kernel, session, new GateLimits(TimeSpan.FromMilliseconds(1), TimeSpan.MaxValue, TimeSpan.MaxValue), last: true).Run(late =>
        {
            node.Kernel.Commit(next);
            return late;
        });
        node.Kernel.EndSession();
        Assert.Equal(LateReason.InTurn, Assert.Single(late!).Value);
        var receivedBy = 0;
        actor.Do(_ => receivedBy = actor.Cell.Binding.Version.Number);
        released.Set();

        await node.Quiet();
        Assert.Equal(2, receivedBy);
        Assert.Equal(1, node.Kernel.DeadLetters.Count);
    }

    [Fact(Timeout = 60_000)]
    public async Task An_actor_that_is_added_while_the_gate_is_closed_is_not_left_behind()
    {
        using var made = new HeldMapping();
        await using var node = new KernelHarness();
        var session = await Stale(node, made, node.Spawn());
        var round = Round(node, session);

        var late = round.Run(late =>
        {
            node.Spawn();
            return late;
        });

        Assert.Empty(late!);
        Assert.Equal((1, false), (session.Stale, round.LeavesSome));
        node.Kernel.EndSession();
        session.Abandon();
    }

    [Fact(Timeout = 60_000)]
    public async Task The_last_round_does_not_look_at_all_that_it_has_no_time_for_and_counts_them_still()
    {
        const int Actors = 1500;
        using var made = new HeldMapping();
        await using var node = new KernelHarness();
        var session = await Stale(node, made, [.. Enumerable.Range(0, Actors).Select(_ => node.Spawn())]);
        var round = new GateRound(node.Kernel, session, new GateLimits(TimeSpan.FromSeconds(1), Making: TimeSpan.Zero, TimeSpan.MaxValue), last: true);

        var late = round.Run(late => late)!;

        // One is made before the clock is asked.
        Assert.True(round.LeavesSome);
        Assert.Equal(Actors - 1, late.Count + session.Stale);
        Assert.InRange(late.Count, 1000, 1100);
        Assert.All(late.Values, reason => Assert.Equal(LateReason.NoTime, reason));
        node.Kernel.EndSession();
        session.Abandon();
    }

    [Theory(Timeout = 60_000)]
    [InlineData(typeof(InvalidOperationException))]
    [InlineData(typeof(OutOfMemoryException))]
    public async Task Nothing_is_committed_when_making_a_state_throws_under_the_gate(Type fault)
    {
        using var made = new HeldMapping();
        await using var node = new KernelHarness();
        var (faulty, other) = (node.Spawn(), node.Spawn());
        var session = await Stale(node, made, faulty, other);
        made.Throws = (faulty.Trace, (Exception)Activator.CreateInstance(fault)!);

        Assert.Null(Round(node, session).Run(Committed));

        Assert.False(node.Kernel.Gate.IsClosed);
        Assert.IsType(fault, Assert.Single(session.Failures).Cause);
        node.Kernel.EndSession();
        session.Abandon();
        faulty.Note("on");
        await node.Quiet();
        Assert.Equal(["started New", "stale", "on"], faulty.Trace.Entries);
        Assert.Equal(1, faulty.Cell.Binding.Version.Number);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(typeof(InvalidOperationException))]
    [InlineData(typeof(OutOfMemoryException))]
    public async Task The_gate_opens_and_the_old_version_serves_when_the_commit_throws(Type fault)
    {
        using var made = new HeldMapping();
        await using var node = new KernelHarness();
        var actor = node.Spawn();
        var session = await Stale(node, made, actor);
        var round = Round(node, session);

        var making = OwnThreads.Run(() => round.Run<object>(_ => throw (Exception)Activator.CreateInstance(fault)!));
        Assert.True(round.Watch());
        Assert.IsType(fault, await Record.ExceptionAsync(() => making));

        Assert.False(node.Kernel.Gate.IsClosed);
        node.Kernel.EndSession();
        session.Abandon();
        actor.Note("on");
        await node.Quiet();
        Assert.Equal(["started New", "stale", "on"], actor.Trace.Entries);
    }

    [Fact(Timeout = 60_000)]
    public async Task An_actor_that_was_added_and_taken_back_leaves_its_name_and_its_version()
    {
        await using var node = new KernelHarness();
        var added = node.Kernel.Spawn(node.Kernel.Current.FindBehavior(BehaviorBinding.NameOf(typeof(Scripted)))!, new ActorRole(ActorKind.Named, "index"), new Trace());
        node.Kernel.Withdraw(added);
        Assert.Equal((0, 0), (node.Kernel.Current.Actors, node.Kernel.Count));
        Assert.Same(node.Spawn("index").Cell, node.Kernel.FindNamed("index"));
    }

    [Fact(Timeout = 60_000)]
    public async Task No_further_actor_is_held_when_the_one_that_hung_is_given_up()
    {
        using var made = new HeldMapping();
        await using var node = new KernelHarness();
        var (hung, next) = (node.Spawn(), node.Spawn());
        var session = await Stale(node, made, hung, next);
        made.HoldsNext = hung.Trace;
        using var givenUp = new CancellationTokenSource();
        var preparing = OwnThreads.Run(() => session.PrepareAgain(givenUp.Token));
        await made.Entered;

        await givenUp.CancelAsync();
        Assert.True(hung.Cell.BreakPreparation());
        made.HoldsNext = next.Trace;
        made.Release();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => preparing);
        Assert.False(made.WasAskedFor(next.Trace));
        Assert.False(next.Cell.BreakPreparation());
        node.Kernel.EndSession();
        session.Abandon();
    }

    private static IReadOnlyDictionary<ActorCell, LateReason> Committed(IReadOnlyDictionary<ActorCell, LateReason> late) => throw new InvalidOperationException("This must not be reached.");

    private static GateRound Round(KernelHarness node, UpgradeSession session) => new(node.Kernel, session, GateLimits.Default, last: true);

    /// <summary>A session in which all have a candidate that is stale.</summary>
    private static async Task<UpgradeSession> Stale(KernelHarness node, HeldMapping made, params Actor[] actors)
    {
        await node.Quiet();
        UpgradeSession session;
        // What took long when it was compiled, or when the machine was busy, is not made under the gate.
        while (true)
        {
            session = node.Kernel.BeginSession(new PlainVersion(2) { Mapped = made.Map });
            session.PrepareAll(CancellationToken.None);
            if (!Array.Exists(actors, actor => session.IsSlow(actor.Cell))) break;
            node.Kernel.EndSession();
            session.Abandon();
        }

        foreach (var actor in actors)
        {
            actor.Note("stale");
            await node.Quiet();
        }

        made.Forget();
        return session;
    }
}
