using WatchReload.Testing;

namespace WatchReload.Bounds.Tests;

public sealed class ActorMemoryTests
{
    private const int Actors = 20_000;

    /// <summary>Bytes of an idle actor beside its state.</summary>
    private const double Bound = 400;

    [Fact(Timeout = 60_000)]
    public async Task Actor_stays_small_when_it_has_had_mail_and_is_idle()
    {
        await using var node = new TestNode();
        var add = new CounterMessage.Add(1);
        var shared = new CounterState();
        await Many();

        var bytes = await Allocated.RetainedPerItem(Actors, Many);

        TestContext.Current.TestOutputHelper!.WriteLine($"{bytes:F1} bytes");
        Assert.InRange(bytes, 0, Bound);

        async Task<object> Many()
        {
            var before = node.Count<Counter>();
            for (var i = 0; i < Actors; i++) node.Spawn<Counter, CounterState, CounterMessage>(shared).Ref.Send(add);
            await node.Quiet();
            Assert.Equal(before + Actors, node.Count<Counter>());
            return node;
        }
    }
}
