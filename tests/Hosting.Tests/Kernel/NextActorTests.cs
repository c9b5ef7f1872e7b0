namespace WatchReload.Hosting.Tests.Kernel;

public sealed class NextActorTests
{
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

    /// <summary>Its thread would have run that actor next.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Actors_that_a_turn_has_woken_run_when_that_turn_blocks_its_thread_until_they_have()
    {
        await using var node = new KernelHarness();
        var chain = Enumerable.Range(0, 20).Select(_ => node.Spawn()).ToArray();
        await node.Quiet();
        using var last = new ManualResetEventSlim();
        var done = new TaskCompletionSource();

        void Block(int at)
        {
            using var next = new ManualResetEventSlim();
            if (at + 1 < chain.Length)
            {
                chain[at + 1].Do(_ =>
                {
                    Block(at + 1);
                    next.Set();
                });
                next.Wait(TestContext.Current.CancellationToken);
            }
        }

        chain[0].Do(_ =>
        {
            Block(0);
            done.SetResult();
        });

        await done.Task;
    }

    [Fact(Timeout = 60_000)]
    public async Task Actors_that_keep_each_other_going_leave_the_threads_to_others()
    {
        await using var node = new KernelHarness();
        var stop = false;
        var turns = 0;
        for (var pair = 0; pair < 2 * Environment.ProcessorCount; pair++)
        {
            var (one, other) = (node.Spawn(), node.Spawn());
            void Play(Actor from, Actor to) => to.Do(_ =>
            {
                Interlocked.Increment(ref turns);
                if (!Volatile.Read(ref stop)) Play(to, from);
            });
            Play(one, other);
        }

        for (var others = 0; others < 100; others++)
            await Task.Run(() => Volatile.Read(ref turns), TestContext.Current.CancellationToken);
        Volatile.Write(ref stop, true);
        await node.Quiet();

        Assert.True(turns > 100, $"{turns} turns");
    }
}
