using System.Collections.Concurrent;
using WatchReload.Hosting.Kernel;

namespace WatchReload.Hosting.Tests.Kernel;

public sealed class ChangeOverTests
{
    [Fact(Timeout = 60_000)]
    public async Task An_actor_that_was_spawned_during_the_reload_is_on_the_new_version()
    {
        await using var node = new KernelHarness();
        Actor spawned = null!;
        Assert.Empty(node.Reload(new PlainVersion(2), beforeGate: () => spawned = node.Spawn()));
        await node.Quiet();
        Assert.Equal(2, spawned.Cell.Binding.Version.Number);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_late_actor_reaches_the_newest_version_and_holds_none_between_when_two_reloads_pass_its_turn()
    {
        await using var node = new KernelHarness();
        var actor = node.Spawn();
        await node.Quiet();
        PlainVersion[] versions = [(PlainVersion)node.Kernel.Current, new(2), new(3)];
        SuspendedActor suspended = null!;
        // Suspended after its candidate was made.
        Assert.Equal(actor.Cell, Assert.Single(node.Reload(versions[1], beforeGate: () => suspended = node.Suspend(actor).GetAwaiter().GetResult())));
        Assert.Equal(actor.Cell, Assert.Single(node.Reload(versions[2])));
        Assert.Equal([1, 0, 0], versions.Select(version => version.Actors));

        await suspended.Release();
        await node.Until(() => versions[2].Actors == 1);
        await node.Quiet();
        Assert.Equal([0, 0, 1], versions.Select(version => version.Actors));
        Assert.Equal(["started New", "started CodeChanged"], actor.Trace.Entries);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_version_has_the_actor_that_comes_to_it_before_anything_of_it_is_used()
    {
        // Without an actor it would be let go of should yet another version take its place now, and map nothing any more.
        var had = new List<int>();
        PlainVersion next = null!;
        next = new PlainVersion(2)
        {
            Foreign = type => type == typeof(Note),
            Mapped = value =>
            {
                if (value is Note) had.Add(next.Actors);
                return value;
            },
        };
        await using var node = new KernelHarness();
        var first = node.Kernel.Current;
        var actor = node.Spawn();
        actor.Do(self => self.Every("t", TimeSpan.FromSeconds(1), new Note("tick")));
        await node.Quiet();
        var late = await node.Suspend(actor);
        node.Reload(next);
        Assert.Empty(had);
        await late.Release();
        Assert.Equal([1], had);
        Assert.Equal((0, 1), (first.Actors, next.Actors));
    }

    [Fact(Timeout = 60_000)]
    public async Task Nothing_is_asked_of_a_version_that_is_replaced_while_an_actor_comes_to_it()
    {
        var asked = new ConcurrentQueue<object>();
        var (second, third) = (new PlainVersion(2) { Mapped = Asked }, new PlainVersion(3));
        await using var node = new KernelHarness();
        var actor = node.Spawn();
        var suspended = await node.Suspend(actor);
        Assert.Equal(actor.Cell, Assert.Single(node.Reload(second)));
        second.Joined = () =>
        {
            second.Joined = null;
            node.Kernel.Commit(third);
        };

        await suspended.Release();

        Assert.Null(second.Joined);
        Assert.Empty(asked);
        Assert.Equal((0, 1, 3), (second.Actors, third.Actors, actor.Cell.Binding.Version.Number));
        Assert.Equal(["started New", "started CodeChanged"], actor.Trace.Entries);

        object Asked(object value)
        {
            asked.Enqueue(value);
            return value;
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task A_candidate_is_made_again_when_its_actor_ran_after_it()
    {
        var next = new PlainVersion(2) { Mapped = value => ((Trace)value).Copy() };
        await using var node = new KernelHarness();
        var actor = node.Spawn();
        await node.Quiet();
        node.Reload(next, beforeGate: () =>
        {
            actor.Note("after the candidate");
            node.Quiet().GetAwaiter().GetResult();
        });
        await node.Quiet();
        Assert.Equal(["started New", "after the candidate", "started CodeChanged"], ((Trace)actor.Cell.State!).Entries);
        Assert.Equal(["started New", "after the candidate"], actor.Trace.Entries);
    }

    [Fact(Timeout = 60_000)]
    public async Task An_actor_in_a_turn_is_listed_when_the_session_before_had_it_on_its_list()
    {
        await using var node = new KernelHarness();
        var actor = node.Spawn();
        await node.Quiet();
        var refused = node.Kernel.BeginSession(new PlainVersion(2));
        actor.Note("in the session before");
        await node.Quiet();
        node.Kernel.EndSession();

        var suspended = await node.Suspend(actor);
        var session = node.Kernel.BeginSession(new PlainVersion(2));
        session.PrepareAll(CancellationToken.None);
        Assert.Equal((1, 1), (refused.Stale, session.Stale));
        node.Kernel.EndSession();
        await suspended.Release();
    }

    [Fact(Timeout = 60_000)]
    public async Task An_actor_is_not_made_again_when_its_candidate_was_made_after_it_ran()
    {
        await using var node = new KernelHarness();
        var actor = node.Spawn();
        await node.Quiet();
        var session = node.Kernel.BeginSession(new PlainVersion(2));
        actor.Note("before the candidate");
        await node.Quiet();
        session.PrepareAll(CancellationToken.None);
        Assert.False(session.TryTake(out _));

        actor.Note("after it");
        await node.Quiet();
        Assert.True(session.TryTake(out var stale));
        Assert.Same(actor.Cell, stale);
        Assert.False(session.TryTake(out _));
        node.Kernel.EndSession();
    }

    [Fact(Timeout = 60_000)]
    public async Task A_timers_message_is_known_to_the_next_plan_when_it_was_set_by_the_version_before()
    {
        await using var node = new KernelHarness();
        var actor = node.Spawn();
        actor.Do(self => self.After("t", TimeSpan.FromDays(1), new Note("tick")));
        await node.Quiet();
        node.Reload(new PlainVersion(2));
        await node.Quiet();
        Assert.Contains(typeof(Note), actor.Cell.Binding.SentTypes);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_a_timer_brings_is_carried_over_with_the_state_and_once()
    {
        var mapped = new List<object>();
        await using var node = new KernelHarness();
        var actor = node.Spawn();
        actor.Do(self => self.Every("t", TimeSpan.FromSeconds(1), new Note("tick")));
        await node.Quiet();

        node.Reload(new PlainVersion(2)
        {
            Foreign = type => type == typeof(Note),
            Mapped = value =>
            {
                if (value is Note note) value = new Note(note.Text + "ed");
                mapped.Add(value);
                return value;
            },
        });
        await node.Quiet();
        Assert.Equal(["ticked"], Brought(actor));
        Assert.Equal(2, mapped.Count);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_a_timer_brings_is_made_again_when_the_timer_was_set_after_it()
    {
        await using var node = new KernelHarness();
        var actor = node.Spawn();
        actor.Do(self => self.Every("t", TimeSpan.FromSeconds(1), new Note("old")));
        await node.Quiet();
        node.Reload(
            new PlainVersion(2) { Foreign = type => type == typeof(Note), Mapped = value => value is Note note ? new Note($"{note.Text}, mapped") : value },
            beforeGate: () =>
            {
                actor.Do(self =>
                {
                    self.Every("t", TimeSpan.FromSeconds(1), new Note("new"));
                    self.After("another", TimeSpan.FromSeconds(1), new Note("too"));
                });
                node.Quiet().GetAwaiter().GetResult();
            });
        await node.Quiet();
        Assert.Equal(["new, mapped", "too, mapped"], Brought(actor));
    }

    [Fact(Timeout = 60_000)]
    public async Task The_state_is_the_actors_when_its_last_timer_has_gone_since_it_was_prepared()
    {
        await using var node = new KernelHarness();
        var actor = node.Spawn();
        actor.Do(self => self.Every("t", TimeSpan.FromSeconds(1), new Note("tick")));
        await node.Quiet();
        // Without a turn, as nobody should.
        node.Reload(new PlainVersion(2) { Foreign = type => type == typeof(Note) }, beforeGate: () => actor.Cell.Timers.Cancel("t"));
        await node.Quiet();
        Assert.Same(actor.Trace, actor.Cell.State);
        Assert.Equal(["started New", "started CodeChanged"], actor.Trace.Entries);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_late_actor_whose_timer_brings_what_has_no_way_is_parked_with_its_state_and_goes_on_with_the_next_version()
    {
        await using var node = new KernelHarness();
        var actor = node.Spawn();
        actor.Do(self => self.Every("t", TimeSpan.FromSeconds(1), new Note("tick")));
        await node.Quiet();
        var late = await node.Suspend(actor);
        node.Reload(new PlainVersion(2) { Foreign = type => type == typeof(Note), Mapped = value => value is Note ? throw new InvalidOperationException("no way") : ((Trace)value).Copy() });

        late.Turn.SetResult();
        await node.Until(() => actor.Cell.IsParked);
        Assert.Equal("it cannot be carried over to version 2: InvalidOperationException: what the timer 't' brings: no way", actor.Cell.ParkedNotice!.Value.Reason);
        Assert.Same(actor.Trace, actor.Cell.State);
        Assert.Equal(["tick"], Brought(actor));

        node.Reload(new PlainVersion(3));
        await node.Until(() => !actor.Cell.IsParked);
        await node.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("tick", actor.Trace.Entries[^1]);
        Assert.Equal(0, node.Kernel.DeadLetters.Count);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_stopped_actor_holds_nothing_of_its_version()
    {
        await using var node = new KernelHarness();
        var actor = node.Spawn();
        actor.Do(self => self.Stop());
        await node.Until(() => actor.Cell.IsStopped && actor.Cell.State is null);
        Assert.IsType<StoppedBinding>(actor.Cell.Binding);
        Assert.Equal(BehaviorBinding.NameOf(typeof(Scripted)), actor.Cell.Binding.Name);
        actor.Note("late");
        Assert.Empty(actor.Cell.Binding.SentTypes);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_message_is_a_dead_letter_when_it_has_no_way_to_the_new_version()
    {
        await using var node = new KernelHarness();
        var actor = node.Spawn();
        await node.Quiet();
        node.Reload(new PlainVersion(2) { Foreign = type => type == typeof(Note), Mapped = value => value is Trace ? value : throw new InvalidOperationException("no way") });
        actor.Note("lost");
        await node.Quiet();
        Assert.Contains("no way", Assert.Single(node.Kernel.DeadLetters.Last).Reason, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Actors_of_unknown_behaviors_are_stopped_when_the_version_is_older_than_they()
    {
        await using var node = new KernelHarness();
        var actor = node.Spawn();
        await node.Quiet();
        node.Reload(new PlainVersion(2, new ScriptedConnection()) { Older = true });
        await node.Until(() => actor.Cell.IsStopped);
        Assert.Equal(Actors.StopReason.Undeclared, actor.Cell.StoppedFor);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_name_is_free_when_the_actor_that_has_it_is_stopping()
    {
        await using var node = new KernelHarness();
        var ending = node.Spawn("index");
        var suspended = await node.Suspend(ending);
        Assert.Throws<InvalidOperationException>(() => node.Spawn("index"));
        ending.Cell.RequestStop(Actors.StopReason.Undeclared);
        var next = node.Spawn("index");
        await suspended.Release();
        await node.Until(() => ending.Cell.IsStopped);
        Assert.Same(next.Cell, node.Kernel.FindNamed("index"));
        await node.Quiet();
        Assert.Equal(1, node.Kernel.Current.Actors);
    }

    private static IEnumerable<string> Brought(Actor actor) => actor.Cell.Timers.All.Select(timer => ((Note)timer.Payload).Text);
}
