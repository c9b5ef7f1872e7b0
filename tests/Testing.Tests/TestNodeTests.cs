using WatchReload.Actors;

namespace WatchReload.Testing.Tests;

public sealed class TestNodeTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact(Timeout = 60_000)]
    public async Task Quiet_waits_for_mail_and_piped_work()
    {
        await using var node = new TestNode();
        var counter = Spawn(node);
        for (var i = 0; i < 10_000; i++) counter.Ref.Send(new CounterMessage.Add(1));
        counter.Ref.Send(new CounterMessage.PipeYield(1000));
        await node.Quiet();
        Assert.Equal(10_100, counter.State.Count);
    }

    [Fact(Timeout = 60_000)]
    public async Task Advance_fires_every_timer_at_its_own_time()
    {
        await using var node = new TestNode();
        var (ticking, chained) = (Spawn(node), Spawn(node));
        ticking.Ref.Send(new CounterMessage.Tick(Second));
        chained.Ref.Send(new CounterMessage.Chain(100));
        await node.Advance(10 * Second);
        Assert.Equal(10, ticking.State.Count);
        Assert.Equal(11, chained.State.Count);
        Assert.Equal(10 * Second, node.Time.GetElapsedTime(0));
    }

    [Fact(Timeout = 60_000)]
    public async Task Piped_work_that_waits_for_virtual_time_goes_on_when_it_has_passed()
    {
        await using var node = new TestNode();
        var counter = Spawn(node);
        counter.Ref.Send(new CounterMessage.PipeDelay(Second));
        await node.Quiet();
        Assert.Equal(0, counter.State.Count);
        await node.Advance(Second);
        Assert.Equal(100, counter.State.Count);
    }

    [Fact(Timeout = 60_000)]
    public async Task Ask_past_its_deadline_is_a_time_out_of_the_piped_work()
    {
        await using var node = new TestNode();
        var (counter, silent) = (Spawn(node), node.Probe<CounterMessage>());
        counter.Ref.Send(new CounterMessage.PipeAsk(silent.Ref));
        await silent.Expect<CounterMessage.Read>();
        await node.Advance(Second);
        Assert.True(counter.State.Failure?.TimedOut);
    }

    [Fact(Timeout = 60_000)]
    public async Task Node_that_does_not_come_to_rest_is_told_with_what_is_under_way()
    {
        await using var node = new TestNode { RealTimeLimit = TimeSpan.FromMilliseconds(200) };
        Spawn(node).Ref.Send(new CounterMessage.Forever());
        var missed = await Assert.ThrowsAsync<ExpectationException>(node.Quiet);
        Assert.Contains($"{typeof(Counter)}) has a turn or mail", missed.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Code_change_keeps_the_state_and_is_told_to_every_actor()
    {
        await using var node = new TestNode();
        var counter = Spawn(node);
        counter.Ref.Send(new CounterMessage.Add(7));
        await node.ChangeCode();
        Assert.Equal(2, node.Version);
        Assert.Equal(7, counter.State.Count);
        Assert.Equal([StartReason.New, StartReason.CodeChanged], counter.State.Starts);
    }

    [Fact(Timeout = 60_000)]
    public async Task Failed_turn_leaves_the_state_and_is_listed()
    {
        await using var node = new TestNode();
        var counter = Spawn(node);
        counter.Ref.Send(new CounterMessage.Add(7));
        counter.Ref.Send(new CounterMessage.Fail());
        await node.Quiet();
        Assert.Equal(7, counter.State.Count);
        Assert.Equal("as told", Assert.Single(node.Failures).Message);
        Assert.Contains("its turn failed", Assert.Single(node.DeadLetters), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Probe_stands_in_for_a_named_actor()
    {
        await using var node = new TestNode();
        var name = new ActorName<CounterMessage>("counter");
        var probe = node.Probe(name);
        probe.Answer((CounterMessage.Read _) => 42);
        Assert.Equal(42, await node.Find(name).Ask(new CounterMessage.Read(), Second));
        await probe.Expect<CounterMessage.Read>();
        await probe.ExpectNothing();
    }

    [Fact(Timeout = 60_000)]
    public async Task Probe_says_what_came_instead()
    {
        await using var node = new TestNode();
        var probe = node.Probe<CounterMessage>();
        probe.Ref.Send(new CounterMessage.Add(3));
        var other = await Assert.ThrowsAsync<ExpectationException>(probe.Expect<CounterMessage.Fail>);
        Assert.Equal("Fail was expected, and this has come: Add { Number = 3 }", other.Message);
        await Assert.ThrowsAsync<ExpectationException>(probe.Expect<CounterMessage.Fail>);
    }

    [Fact(Timeout = 60_000)]
    public async Task Probe_keeps_what_it_recorded_over_a_code_change()
    {
        await using var node = new TestNode();
        var probe = node.Probe<CounterMessage>();
        probe.Ref.Send(new CounterMessage.Add(1));
        await node.ChangeCode();
        probe.Ref.Send(new CounterMessage.Add(2));
        Assert.Equal(1, (await probe.Expect<CounterMessage.Add>()).Number);
        Assert.Equal(2, (await probe.Expect<CounterMessage.Add>()).Number);
    }

    [Fact(Timeout = 60_000)]
    public async Task Stop_of_a_probe_is_told_to_those_that_watch_it()
    {
        await using var node = new TestNode();
        var (counter, probe) = (Spawn(node), node.Probe<CounterMessage>());
        counter.Ref.Send(new CounterMessage.WatchFor(probe.Ref.Id));
        await node.Quiet();
        probe.Stop();
        await node.Quiet();
        Assert.Equal(new Terminated(probe.Ref.Id, StopReason.Requested), counter.State.Gone);
    }

    private static TestActor<CounterState, CounterMessage> Spawn(TestNode node) => node.Spawn<Counter, CounterState, CounterMessage>(CounterState.Zero);
}
