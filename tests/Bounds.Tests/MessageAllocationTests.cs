using WatchReload.Actors;
using WatchReload.Testing;

namespace WatchReload.Bounds.Tests;

/// <summary>What a message costs in bytes, from its sending until the end of its turn.</summary>
public sealed class MessageAllocationTests
{
    private const int Messages = 20_000;
    private const int Requests = 2_000;

    /// <summary>An envelope: its header, the link to the next, the message and the tag.</summary>
    private const double Envelope = 40;

    /// <summary>
    /// The task that the asker awaits, the right to reply, the request's place among those that are open, its deadline's timer (here on the
    /// test's clock), and the envelope.
    /// </summary>
    private const double Request = 1_300;

    /// <summary>Growth of the thread pool's queues, and what the waiting test allocates, spread over all messages.</summary>
    private const double Margin = 4;

    [Fact(Timeout = 60_000)]
    public async Task Message_costs_its_envelope_when_it_comes_from_outside()
    {
        await using var node = new TestNode();
        var (counter, add) = (Actor(node), new CounterMessage.Add(1));

        var bytes = await Allocated.PerItem(Messages, async () =>
        {
            for (var i = 0; i < Messages; i++) counter.Send(add);
            await node.Quiet();
        });

        TestContext.Current.TestOutputHelper!.WriteLine($"{bytes:F2} bytes");
        Assert.InRange(bytes, 0, Envelope + Margin);
        Assert.Empty(node.DeadLetters);
    }

    [Fact(Timeout = 60_000)]
    public async Task Message_costs_its_envelope_when_one_actor_sends_it_to_another()
    {
        await using var node = new TestNode();
        var (one, two) = (Actor(node), Actor(node));
        var mine = new Side(two);
        var theirs = new Side(one) { Other = mine };
        mine.Other = theirs;

        var bytes = await Allocated.PerItem(Messages, async () =>
        {
            mine.Left = theirs.Left = Messages / 2;
            two.Send(mine.Ball);
            await node.Quiet();
            Assert.Equal((0, 0), (mine.Left, theirs.Left));
        });

        TestContext.Current.TestOutputHelper!.WriteLine($"{bytes:F2} bytes");
        Assert.InRange(bytes, 0, Envelope + Margin);
    }

    [Fact(Timeout = 60_000)]
    public async Task Request_costs_what_waits_for_its_reply_and_its_envelope()
    {
        await using var node = new TestNode();
        var (counter, total) = (Actor(node), new CounterMessage.Total());

        var bytes = await Allocated.PerItem(Requests, async () =>
        {
            for (var i = 0; i < Requests; i++) Assert.Equal(0, await counter.Ask(total, TimeSpan.FromMinutes(1)));
        });

        TestContext.Current.TestOutputHelper!.WriteLine($"{bytes:F2} bytes");
        Assert.InRange(bytes, 0, Request);
    }

    private static ActorRef<CounterMessage> Actor(TestNode node) => node.Spawn<Counter, CounterState, CounterMessage>(new CounterState()).Ref;
}
