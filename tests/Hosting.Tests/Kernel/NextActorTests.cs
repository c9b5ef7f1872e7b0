using WatchReload.Hosting.Kernel;

namespace WatchReload.Hosting.Tests.Kernel;

public sealed class NextActorTests
{
    [ThreadStatic]
    private static int t_inARow;

    /// <summary>Who goes on with a turn does so in the middle of something: no other actor may run there, as it might wait for what comes after.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Whoever_completes_what_a_turn_awaits_is_not_held_up_by_the_actors_that_this_turn_wakes()
    {
        await using var node = new KernelHarness();
        var suspended = await node.Suspend(node.Spawn());
        using var after = new ManualResetEventSlim();
        var other = node.Spawn();
        suspended.Actor.Do(_ => other.Do(_ => after.Wait(TestContext.Current.CancellationToken)));

        await Task.Run(() =>
        {
            suspended.Turn.SetResult();
            after.Set();
        }, TestContext.Current.CancellationToken);

        await node.Quiet();
    }

    /// <summary>Their threads would have run those actors next.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Actors_that_a_turn_has_woken_run_when_that_turn_blocks_its_thread_until_they_have()
    {
        await using var node = new KernelHarness();
        var (first, second, third) = (node.Spawn(), node.Spawn(), node.Spawn());
        await node.Quiet();
        var done = new TaskCompletionSource();

        first.Do(_ =>
        {
            DoAndWait(second, () => DoAndWait(third, () => { }));
            done.SetResult();
        });

        await done.Task;

        static void DoAndWait(Actor actor, Action turn)
        {
            using var ended = new ManualResetEventSlim();
            actor.Do(_ =>
            {
                turn();
                ended.Set();
            });
            ended.Wait(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Between two of its items the pool gives a thread its priority back.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Actors_that_keep_each_other_going_give_the_thread_back_to_the_pool()
    {
        const int Turns = 20 * NextActor.InARow;
        await using var node = new KernelHarness();
        var (one, other) = (node.Spawn(), node.Spawn());
        await node.Quiet();
        var longest = 0;
        var ended = new TaskCompletionSource();

        void Play(Actor from, Actor to, int turn) => to.Do(_ =>
        {
            var thread = Thread.CurrentThread;
            t_inARow = thread.Priority == ThreadPriority.Normal ? 0 : t_inARow + 1;
            longest = Math.Max(longest, t_inARow);
            thread.Priority = ThreadPriority.BelowNormal;
            if (turn < Turns) Play(to, from, turn + 1);
            else ended.SetResult();
        });
        Play(one, other, 1);
        await ended.Task;

        Assert.InRange(longest, 1, NextActor.InARow);
    }

    /// <summary>Only many actors that are added look at the clock themselves.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Others_have_their_turn_when_few_actors_that_wake_each_other_take_long()
    {
        OverheardTime clock = null!;
        await using var node = new KernelHarness(clock: time => clock = new OverheardTime(time));
        var (first, second) = (node.Spawn(), node.Spawn());
        await node.Quiet();
        using var othersBegan = new ManualResetEventSlim();
        var done = new TaskCompletionSource();

        first.Do(_ =>
        {
            // The phase of the others ends on the pool, when it has begun with all that waited there.
            clock.Measured = () =>
            {
                if (Thread.CurrentThread.IsThreadPoolThread) othersBegan.Set();
            };
            node.Time.MoveTo(node.Time.Elapsed + ReadyActors.OwnPhase);
            second.Do(_ => { }); // from here on it is looked after what is kept
            othersBegan.Wait(TestContext.Current.CancellationToken);
            done.SetResult();
        });

        await done.Task;
    }

    [Fact(Timeout = 60_000)]
    public async Task A_SynchronizationContext_that_a_turn_leaves_behind_is_not_that_of_the_actor_that_it_wakes()
    {
        await using var node = new KernelHarness();
        var (first, second) = (node.Spawn(), node.Spawn());
        await node.Quiet();
        var seen = new TaskCompletionSource<SynchronizationContext?>();

        first.Do(_ =>
        {
            SynchronizationContext.SetSynchronizationContext(new SynchronizationContext());
            second.Do(_ => seen.SetResult(SynchronizationContext.Current));
        });

        Assert.Null(await seen.Task);
    }
}
