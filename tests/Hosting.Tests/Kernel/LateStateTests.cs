using WatchReload.Hosting.Kernel;
using WatchReload.Hosting.Upgrading;

namespace WatchReload.Hosting.Tests.Kernel;

/// <summary>Actors that change over after the others, with states whose making takes as long as it likes.</summary>
public sealed class LateStateTests
{
    private static readonly int Seats = Math.Max(2, Environment.ProcessorCount);

    [Fact(Timeout = 60_000)]
    public async Task An_actor_whose_late_state_hangs_is_named_and_parked_at_the_deadline_and_no_other_waits()
    {
        await using var node = new KernelHarness();
        var (hung, other) = (node.Spawn(), node.Spawn());
        using var hanging = new HangingMapping(hung);
        await Late(node, new PlainVersion(2) { Mapped = hanging.Map }, hung, other);
        await node.Until(() => hanging.Hung == 1);
        var since = node.Time.GetUtcNow();

        other.Note("on");
        await node.Until(() => other.Trace.Entries[^1] == "on");
        Assert.Equal(2, other.Cell.Binding.Version.Number);
        hung.Note("kept");
        var named = Assert.Single(Census.Of(node.Kernel).NamedLate);
        Assert.Equal((hung.Cell.ToString(), "its state is being carried over, after the others", since), (named.Actor, named.Reason, named.Since));
        Assert.False(hanging.WasOnPool);

        Fire(node, LateStates.Deadline);
        await node.Until(() => hung.Cell.IsParked);
        var parked = Assert.Single(Census.Of(node.Kernel).NamedParked);
        Assert.StartsWith("it cannot be carried over to version 2: an Upgrade of its state or of what its timers bring, or a constructor or initializer there, did not end within 30 s", parked.Reason, StringComparison.Ordinal);
        Assert.Equal(since + LateStates.Deadline, parked.Since);
        Assert.Empty(Census.Of(node.Kernel).NamedLate);

        // What comes of it in the end counts for nothing; the next version has the actor again, with its mail.
        hanging.Release();
        node.Reload(new PlainVersion(3));
        await node.Quiet();
        Assert.Equal(3, hung.Cell.Binding.Version.Number);
        Assert.Equal(["started New", "started CodeChanged", "kept"], hung.Trace.Entries);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_a_timer_of_a_late_actor_brings_takes_no_thread_of_the_pool_and_no_longer_than_the_deadline()
    {
        await using var node = new KernelHarness();
        var actor = node.Spawn();
        actor.Do(self => self.After("t", TimeSpan.FromDays(1), new Note("kept")));
        using var released = new ManualResetEventSlim();
        var (asked, onPool) = (0, false);
        await Late(node, new PlainVersion(2) { Foreign = type => type == typeof(Note), Mapped = Hang }, actor);
        await node.Until(() => Volatile.Read(ref asked) != 0);

        Fire(node, LateStates.Deadline);
        await node.Until(() => actor.Cell.IsParked);
        Assert.False(onPool);
        Assert.StartsWith("it cannot be carried over to version 2: an Upgrade of its state or of what its timers bring", Assert.Single(Census.Of(node.Kernel).NamedParked).Reason, StringComparison.Ordinal);

        released.Set();
        node.Reload(new PlainVersion(3));
        await node.Quiet();
        Assert.Equal(3, actor.Cell.Binding.Version.Number);
        Assert.Equal("kept", ((Note)Assert.Single(actor.Cell.Timers.All).Payload).Text);

        object Hang(object value)
        {
            if (value is not Note) return value;
            onPool = Thread.CurrentThread.IsThreadPoolThread;
            Volatile.Write(ref asked, 1);
            released.Wait();
            return value;
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task A_time_out_that_the_service_has_met_itself_is_told_as_thrown()
    {
        await using var node = new KernelHarness();
        var actor = node.Spawn();
        await Late(node, new PlainVersion(2) { Mapped = _ => throw new TimeoutException("of the service's own") }, actor);
        await node.Until(() => actor.Cell.IsParked);
        Assert.Contains("TimeoutException: of the service's own", Assert.Single(Census.Of(node.Kernel).NamedParked).Reason, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_late_state_does_not_wait_for_those_that_hang()
    {
        await using var node = new KernelHarness();
        Actor[] hung = [.. Enumerable.Range(0, Seats).Select(_ => node.Spawn())];
        Actor[] next = [node.Spawn(), node.Spawn()];
        using var hanging = new HangingMapping(hung);
        var suspended = await Suspended(node, [.. hung, .. next]);
        node.Reload(new PlainVersion(2) { Mapped = hanging.Map });
        foreach (var one in suspended.Take(Seats)) one.Turn.SetResult();
        await node.Until(() => hanging.Hung == Seats);
        foreach (var one in suspended.Skip(Seats)) one.Turn.SetResult();
        await node.Until(() => Array.TrueForAll(next, actor => actor.Cell.IsChanging));
        Assert.DoesNotContain(next, hanging.WasAskedFor);

        Fire(node, LateStates.Patience);

        await node.Until(() => Array.TrueForAll(next, actor => actor.Cell.Binding.Version.Number == 2));
        Assert.All(hung, actor => Assert.True(actor.Cell.IsChanging));
        hanging.Release();
        await node.Quiet();
        Assert.All(hung, actor => Assert.Equal((2, "started CodeChanged"), (actor.Cell.Binding.Version.Number, actor.Trace.Entries[^1])));
    }

    [Fact(Timeout = 60_000)]
    public async Task Threads_are_as_many_as_before_when_those_that_hung_have_come_back()
    {
        await using var node = new KernelHarness();
        Actor[] hung = [.. Enumerable.Range(0, 2 * Seats).Select(_ => node.Spawn())];
        using (var first = new HangingMapping(hung))
        {
            await Late(node, new PlainVersion(2) { Mapped = first.Map }, hung);
            await node.Until(() => first.Hung == Seats);
            Fire(node, LateStates.Patience);
            await node.Until(() => first.Hung == 2 * Seats);
            first.Release();
            await node.Quiet();
        }

        using var second = new HangingMapping(hung);
        await Late(node, new PlainVersion(3) { Mapped = second.Map }, hung);
        await node.Until(() => Array.TrueForAll(hung, actor => actor.Cell.IsChanging) && second.Hung >= Seats);
        Assert.Equal(Seats, second.Hung);
        second.Release();
        await node.Quiet();
        Assert.All(hung, actor => Assert.Equal(3, actor.Cell.Binding.Version.Number));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_late_actor_goes_on_to_the_newest_version_when_a_reload_passes_while_its_state_hangs(bool ends)
    {
        await using var node = new KernelHarness();
        var hung = node.Spawn();
        using var hanging = new HangingMapping(hung);
        PlainVersion[] versions = [(PlainVersion)node.Kernel.Current, new(2) { Mapped = hanging.Map }, new(3)];
        await Late(node, versions[1], hung);
        await node.Until(() => hanging.Hung == 1);

        Assert.Same(hung.Cell, Assert.Single(node.Reload(versions[2])));
        if (ends) hanging.Release();
        else Fire(node, LateStates.Deadline);

        await node.Quiet();
        Assert.Equal([0, 0, 1], versions.Select(version => version.Actors));
        Assert.Equal(["started New", "started CodeChanged"], hung.Trace.Entries);
        Assert.Empty(Census.Of(node.Kernel).NamedParked);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_refused_reload_leaves_a_state_that_is_being_made_alone()
    {
        await using var node = new KernelHarness();
        var hung = node.Spawn();
        using var hanging = new HangingMapping(hung);
        await Late(node, new PlainVersion(2) { Mapped = hanging.Map }, hung);
        await node.Until(() => hanging.Hung == 1);
        var session = node.Kernel.BeginSession(new PlainVersion(3));
        session.PrepareAll(CancellationToken.None);
        Assert.Equal(1, session.Stale);
        var round = new GateRound(node.Kernel, session, GateLimits.Default, last: true);

        Assert.Null(round.Run<object>(late =>
        {
            Assert.Equal(LateReason.StillChanging, Assert.Single(late).Value);
            return null!;
        }));

        node.Kernel.EndSession();
        session.Abandon();
        hanging.Release();
        await node.Quiet();
        Assert.Equal(2, hung.Cell.Binding.Version.Number);
        Assert.Equal(["started New", "started CodeChanged"], hung.Trace.Entries);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_actor_stops_when_it_is_asked_to_while_its_late_state_hangs(bool ends)
    {
        await using var node = new KernelHarness();
        var hung = node.Spawn();
        using var hanging = new HangingMapping(hung);
        var next = new PlainVersion(2) { Mapped = hanging.Map };
        await Late(node, next, hung);
        await node.Until(() => hanging.Hung == 1);

        hung.Cell.RequestStop(Actors.StopReason.Undeclared);
        if (ends) hanging.Release();
        else Fire(node, LateStates.Deadline);

        await node.Until(() => hung.Cell.IsStopped);
        Assert.Equal(ends ? "stopping Undeclared" : "started New", hung.Trace.Entries[^1]);
        await node.Until(() => node.Kernel.Count == 0 && next.Actors == 0);
    }

    [Fact(Timeout = 60_000)]
    public async Task An_actor_is_parked_when_making_its_late_state_throws_and_it_is_not_made_again_when_the_actor_stops()
    {
        await using var node = new KernelHarness();
        var actor = node.Spawn();
        var calls = 0;
        await Late(node, new PlainVersion(2) { Mapped = _ => throw new InvalidOperationException($"call {++calls}") }, actor);
        await node.Until(() => actor.Cell.IsParked);
        Assert.Equal("it cannot be carried over to version 2: InvalidOperationException: call 1", actor.Cell.ParkedNotice!.Value.Reason);

        actor.Cell.RequestStop(Actors.StopReason.Undeclared);
        await node.Until(() => actor.Cell.IsStopped);
        Assert.Equal(1, calls);
    }

    /// <summary>A reload that passes a turn of each, which ends after it.</summary>
    private static async Task Late(KernelHarness node, PlainVersion next, params Actor[] actors)
    {
        var suspended = await Suspended(node, actors);
        Assert.Equal(actors.Length, node.Reload(next).Count);
        foreach (var one in suspended) one.Turn.SetResult();
    }

    private static async Task<IReadOnlyList<SuspendedActor>> Suspended(KernelHarness node, IReadOnlyList<Actor> actors)
    {
        var suspended = new List<SuspendedActor>();
        foreach (var actor in actors) suspended.Add(await node.Suspend(actor));
        return suspended;
    }

    private static void Fire(KernelHarness node, TimeSpan after)
    {
        var until = node.Time.Elapsed + after;
        while (node.Time.FireNext(until))
        {
        }
    }
}
