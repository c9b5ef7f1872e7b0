namespace WatchReload.Control.Tests.Pipe;

public sealed class NonceStoreTests
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(30);

    [Fact(Timeout = 60_000)]
    public async Task A_nonce_is_good_once()
    {
        var nonces = new NonceStore(new ManualTime(), Lifetime);
        var nonce = nonces.Issue();

        Assert.True(nonces.TryTake(nonce));
        Assert.False(nonces.TryTake(nonce));
        Assert.False(nonces.TryTake("never given out"));
        await Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public async Task A_nonce_expires()
    {
        var time = new ManualTime();
        var nonces = new NonceStore(time, Lifetime);
        var (early, late) = (nonces.Issue(), nonces.Issue());

        time.Advance(Lifetime - TimeSpan.FromTicks(1));
        Assert.True(nonces.TryTake(early));
        time.Advance(TimeSpan.FromTicks(1));
        Assert.False(nonces.TryTake(late));
        await Task.CompletedTask;
    }

    [Fact(Timeout = 60_000)]
    public async Task The_oldest_makes_room_when_there_are_too_many()
    {
        var nonces = new NonceStore(new ManualTime(), Lifetime, capacity: 3);
        var all = Enumerable.Range(0, 5).Select(_ => nonces.Issue()).ToArray();

        Assert.Equal([false, false, true, true, true], all.Select(nonces.TryTake));
        await Task.CompletedTask;
    }
}
