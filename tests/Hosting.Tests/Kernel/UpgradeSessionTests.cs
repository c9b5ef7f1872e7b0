using WatchReload.Actors;
using WatchReload.Hosting.Kernel;

namespace WatchReload.Hosting.Tests.Kernel;

public sealed class UpgradeSessionTests
{
    [Fact(Timeout = 60_000)]
    public async Task An_actor_is_listed_when_it_comes_from_an_earlier_reload_and_its_candidate_is_let_go_of_without_a_turn()
    {
        await using var node = new KernelHarness(Version(1));
        var actor = node.Kernel.Spawn(node.Kernel.Current.FindBehavior(BehaviorBinding.NameOf(typeof(Unstarted)))!, ActorRole.Spawned, new Trace());
        actor.Wake();
        await node.Quiet();
        // The sweep has not come to it when the next reload begins; when that has prepared it, it goes on to what is current.
        node.Kernel.Commit(Version(2));
        var session = node.Kernel.BeginSession(Version(3));
        session.PrepareAll(CancellationToken.None);
        await node.Until(() => actor.Binding.Version.Number == 2);
        await node.Quiet();

        Assert.Equal(1, session.Stale);

        node.Kernel.EndSession();
        session.Abandon();
    }

    [Fact(Timeout = 60_000)]
    public async Task Actors_that_ran_before_their_candidates_were_made_do_not_count_as_stale_and_are_taken_off_the_list()
    {
        await using var node = new KernelHarness();
        Actor[] actors = [.. Enumerable.Range(0, 300).Select(_ => node.Spawn())];
        await node.Quiet();
        var session = node.Kernel.BeginSession(new PlainVersion(2));
        foreach (var actor in actors) actor.Note("before");
        await node.Quiet();
        Assert.Equal(300, session.Stale);
        session.PrepareAll(CancellationToken.None);
        Assert.Equal(0, session.Stale);

        // On the list already, but as one that has not run: it is counted again, and listed once.
        foreach (var actor in actors[..7]) actor.Note("after");
        await node.Quiet();
        Assert.Equal(7, session.Stale);
        session.Tidy();
        Assert.Equal(7, session.Stale);
        var taken = new List<ActorCell>();
        while (session.TryTake(out var actor)) taken.Add(actor);
        Assert.Equal(actors[..7].Select(actor => actor.Cell.Id.Value).Order(), taken.Select(cell => cell.Id.Value).Order());
        Assert.Equal(0, session.Stale);

        // Off the list, whether taken or tidied, an actor that runs is put on it.
        actors[0].Note("again");
        actors[8].Note("again");
        await node.Quiet();
        Assert.Equal(2, session.Stale);
        node.Kernel.EndSession();
        session.Abandon();
    }

    [Fact(Timeout = 60_000)]
    public async Task An_actor_that_a_session_lists_when_the_next_has_listed_it_is_taken_once_and_by_the_next()
    {
        await using var node = new KernelHarness();
        var actor = node.Spawn();
        await node.Quiet();
        var over = node.Kernel.BeginSession(new PlainVersion(2));
        node.Kernel.EndSession();
        var session = node.Kernel.BeginSession(new PlainVersion(3));
        actor.Note("on");
        await node.Quiet();

        // Its thread asked for the session before that was over, and was held up.
        over.Touched(actor.Cell);

        Assert.Equal((0, 1), (over.Stale, session.Stale));
        Assert.False(over.TryTake(out _));
        Assert.True(session.TryTake(out var taken));
        Assert.Same(actor.Cell, taken);
        Assert.False(session.TryTake(out _));
        Assert.Equal(0, session.Stale);
        node.Kernel.EndSession();
    }

    [Fact(Timeout = 60_000)]
    public async Task What_the_next_session_has_listed_is_not_taken_by_the_one_before()
    {
        await using var node = new KernelHarness();
        var actor = node.Spawn();
        await node.Quiet();
        var over = node.Kernel.BeginSession(new PlainVersion(2));
        actor.Note("on");
        await node.Quiet();
        node.Kernel.EndSession();
        var session = node.Kernel.BeginSession(new PlainVersion(3));
        actor.Note("on");
        await node.Quiet();

        Assert.False(over.TryTake(out _));
        Assert.True(session.TryTake(out _));
        node.Kernel.EndSession();
    }

    [Fact(Timeout = 120_000)]
    public async Task Nobody_that_ran_since_its_candidate_was_made_is_missed_when_actors_run_while_candidates_are_made()
    {
        await using var node = new KernelHarness();
        Actor[] actors = [.. Enumerable.Range(0, 200).Select(_ => node.Spawn())];
        await node.Quiet();
        for (var round = 2; round < 22; round++)
        {
            var session = node.Kernel.BeginSession(new PlainVersion(round));
            var busy = true;
            var preparing = OwnThreads.Run(() =>
            {
                session.PrepareAll(CancellationToken.None);
                while (Volatile.Read(ref busy))
                {
                    session.PrepareAgain(CancellationToken.None);
                    session.Tidy();
                }
            });
            for (var i = 0; i < 2000; i++) actors[i % actors.Length].Note("on");
            await node.Quiet();
            Volatile.Write(ref busy, false);
            await preparing;

            // Nothing runs any more: whoever is not listed has a candidate that is good, and whoever is listed is counted.
            var passage = new Passage(session.Target);
            var listed = actors.Count(actor => session.IsLate(actor.Cell));
            Assert.Equal(listed, session.Stale);
            foreach (var actor in actors.Where(actor => !session.IsLate(actor.Cell))) Assert.Null(actor.Cell.CandidateFor(passage));
            var taken = 0;
            for (; session.TryTake(out _); taken++) Assert.True(taken < listed);
            Assert.Equal((listed, 0), (taken, session.Stale));
            node.Kernel.EndSession();
            session.Abandon();
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Each_actor_that_cannot_be_carried_over_is_named_or_counted()
    {
        await using var node = new KernelHarness();
        for (var i = 0; i < 30; i++) node.Spawn();
        await node.Quiet();
        var session = node.Kernel.BeginSession(new PlainVersion(2) { Foreign = _ => true, Mapped = _ => throw new InvalidOperationException("fault") });

        session.PrepareAll(CancellationToken.None);

        Assert.InRange(session.Failures.Count, 20, 29);
        Assert.Equal(30, session.Failures.Count + session.Unnamed);
        Assert.Equal(session.Failures.Count, session.Failures.Select(failure => failure.Actor).Distinct().Count());
        node.Kernel.EndSession();
        session.Abandon();
    }

    private static PlainVersion Version(int number) => new(number, new Unstarted());

    /// <summary>Its change-over needs no turn.</summary>
    private sealed class Unstarted : Behavior<Trace, Step>
    {
        public override ValueTask<Trace> Receive(Trace s, Step m, Context self) => new(s);
    }
}
