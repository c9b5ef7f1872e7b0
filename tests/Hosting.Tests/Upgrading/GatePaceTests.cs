using WatchReload.Hosting.Kernel;
using WatchReload.Hosting.Tests.Kernel;
using WatchReload.Hosting.Upgrading;

namespace WatchReload.Hosting.Tests.Upgrading;

/// <summary>How many rounds a reload makes at the gate.</summary>
public sealed class GatePaceTests
{
    private static readonly TimeSpan Closed = TimeSpan.FromMilliseconds(1);

    [Fact(Timeout = 60_000)]
    public async Task Candidates_are_made_again_between_two_rounds_and_the_sixth_is_the_last()
    {
        await using var node = new KernelHarness();
        var pace = new GatePace(await Stale(node, 3), overtaken: false);
        for (var number = 1; number <= 6; number++)
        {
            Assert.True(pace.Next());
            Assert.Equal(number == 6, pace.IsLast);
            Assert.False(pace.Breathes(Closed));
        }

        // One that hangs may end the last round for others.
        for (var again = 1; again < 7; again++) Assert.True(pace.Next());
        Assert.False(pace.Next());
    }

    [Fact(Timeout = 60_000)]
    public async Task Rounds_follow_each_other_as_long_as_they_gain_on_the_actors_when_these_run_faster_than_candidates_are_made()
    {
        await using var node = new KernelHarness();
        var session = await Stale(node, 400);
        var pace = new GatePace(session, overtaken: true);
        for (var left = 400; left > 100; left -= 2)
        {
            Assert.True(pace.Next());
            Assert.False(pace.IsLast);
            Assert.True(session.TryTake(out _) && session.TryTake(out _));
            Assert.True(pace.Breathes(TimeSpan.Zero));
        }

        Assert.Equal(100, session.Stale);
    }

    [Fact(Timeout = 60_000)]
    public async Task Candidates_are_made_again_once_when_what_overtook_them_was_a_burst()
    {
        await using var node = new KernelHarness();
        var session = await Stale(node, 400);
        var pace = new GatePace(session, overtaken: true);
        Assert.True(pace.Next());
        for (var made = 0; made < 30; made++) Assert.True(session.TryTake(out _));
        // None of the thirty has run again since.
        Assert.False(pace.Breathes(Closed));
        for (var made = 0; made < 300; made++) Assert.True(session.TryTake(out _));
        for (var number = 1; number <= 6; number++)
        {
            Assert.True(pace.Next());
            Assert.Equal(number == 6, pace.IsLast);
            Assert.False(pace.Breathes(Closed));
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Candidates_are_not_made_again_a_second_time_when_the_first_was_in_vain()
    {
        await using var node = new KernelHarness();
        var session = await Stale(node, 400);
        var pace = new GatePace(session, overtaken: true);
        Assert.True(pace.Next());
        for (var made = 0; made < 30; made++) Assert.True(session.TryTake(out _));
        Assert.False(pace.Breathes(Closed));
        for (var left = 370; left > 30; left -= 30)
        {
            Assert.True(pace.Next());
            Assert.False(pace.IsLast);
            for (var made = 0; made < 30; made++) Assert.True(session.TryTake(out _));
            Assert.True(pace.Breathes(Closed));
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task The_rest_is_late_when_the_rounds_do_not_gain_on_the_actors()
    {
        await using var node = new KernelHarness();
        var pace = new GatePace(await Stale(node, 40), overtaken: true);
        var rounds = 0;
        for (; pace.Next() && !pace.IsLast; rounds++) Assert.True(pace.Breathes(Closed));
        Assert.InRange(rounds, 1, 10);
    }

    [Fact(Timeout = 60_000)]
    public async Task The_rest_is_late_when_the_rounds_would_take_too_long_to_come_to_an_end()
    {
        await using var node = new KernelHarness();
        var session = await Stale(node, 40);
        var pace = new GatePace(session, overtaken: true);
        Assert.True(pace.Next());
        Assert.True(session.TryTake(out _));
        Assert.True(pace.Breathes(TimeSpan.FromMilliseconds(50)));
        Assert.True(pace.Next());
        Assert.True(pace.IsLast);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_gate_alone_gains_on_the_actors_after_a_later_pass_in_vain(bool overtaken)
    {
        await using var node = new KernelHarness();
        var session = await Stale(node, 2000);
        var pace = new GatePace(session, overtaken);
        Assert.True(pace.Next());
        if (overtaken) Take(100);
        Assert.False(pace.Breathes(TimeSpan.FromMilliseconds(5)));
        if (overtaken)
        {
            // The pass has gained enough, and the one after the next round has not.
            Take(900);
            Assert.True(pace.Next());
            Assert.False(pace.Breathes(TimeSpan.FromMilliseconds(5)));
        }

        Take(5);
        Assert.True(pace.Next());
        Assert.False(pace.IsLast);
        Take(30);
        Assert.True(pace.Breathes(TimeSpan.FromMilliseconds(5)));
        Assert.True(pace.Next());
        Assert.False(pace.IsLast);

        void Take(int count)
        {
            for (var taken = 0; taken < count; taken++) Assert.True(session.TryTake(out _));
        }
    }

    /// <summary>A session in which so many have run.</summary>
    private static async Task<UpgradeSession> Stale(KernelHarness node, int count)
    {
        Actor[] actors = [.. Enumerable.Range(0, count).Select(_ => node.Spawn())];
        await node.Quiet();
        var session = node.Kernel.BeginSession(new PlainVersion(2));
        foreach (var actor in actors) actor.Note("on");
        await node.Quiet();
        node.Kernel.EndSession();
        Assert.Equal(count, session.Stale);
        return session;
    }
}
